"""Files of word analogies: "a is to b as c is to ?", in sections."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypeAlias

from mt2st.errors import DataError
from mt2st.text.files import read_lines

Question: TypeAlias = tuple[str, str, str, str]
COMMENTS = ("#", "//")


class AnalogySection(NamedTuple):
    """Questions of one kind: three words and the answer."""

    name: str
    questions: list[Question]

    @property
    def syntactic(self) -> bool:
        """Return whether it asks for a form of a word: names of such sections start with "gram" (Mikolov et al.)."""
        return self.name.startswith("gram")


def read_analogies(path: str | Path) -> list[AnalogySection]:
    r"""Read lines of four words, in sections that begin with a line ``: name``; skip empty lines and comments.

    Parameters
    ----------
    path
        A file, plain, ``.gz`` or ``.xz``. Comments are lines that begin with ``#`` or ``//``.

    Raises
    ------
    DataError
        If a line does not have four words, or precedes the first section, or there are no questions.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "questions.txt")
    ...     _ = path.write_text(": family\nboy girl king queen\n: gram8-plural\ncat cats dog dogs\n")
    ...     [(section.name, len(section.questions), section.syntactic) for section in read_analogies(path)]
    [('family', 1, False), ('gram8-plural', 1, True)]
    """
    sections: list[AnalogySection] = []
    for line in read_lines(str(path)):
        if line.fault:
            raise line.fault.at(str(path))
        if line.text.startswith(COMMENTS):
            continue
        if line.text.startswith(":"):
            sections.append(AnalogySection(line.text[1:].strip(), []))
        elif words := line.text.split():
            if not sections:
                raise DataError(
                    "a question before the first section: start with a line ': name'", path=path, line=line.number
                )
            sections[-1].questions.append(_question(words, path, line.number))
    if not any(section.questions for section in sections):
        raise DataError("there is no question in the file: a line holds four words", path=path)
    return sections


def _question(words: list[str], path: str | Path, number: int) -> Question:
    if len(words) != 4:
        message = f"a question is four words, {len(words)} found: write 'a b c d' for a is to b as c is to d"
        raise DataError(message, path=path, line=number)
    return words[0], words[1], words[2], words[3]
