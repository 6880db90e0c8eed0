"""Files of bilingual dictionaries: a word and its translation per line."""

from __future__ import annotations

from pathlib import Path

from mt2st.errors import DataError, counted
from mt2st.text.files import read_lines

Translation = tuple[str, str]


def read_dictionary(path: str | Path) -> list[Translation]:
    r"""Read lines of a source word and a target word; empty lines are skipped.

    Parameters
    ----------
    path
        A file, plain, ``.gz`` or ``.xz``. Words are separated by a tab if the line has one, else by white space. A word
        with several translations has a line for each.

    Raises
    ------
    DataError
        If a line does not have two words, or there are none.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "en-de.tsv")
    ...     _ = path.write_text("cat\tKatze\ncat Kater\n")
    ...     read_dictionary(path)
    [('cat', 'Katze'), ('cat', 'Kater')]
    """
    found: list[Translation] = []
    for line in read_lines(str(path)):
        if line.fault:
            raise line.fault.at(str(path))
        words = [word.strip() for word in line.text.split("\t")] if "\t" in line.text else line.text.split()
        if words:
            found.append(_translation(words, path, line.number))
    if not found:
        raise DataError("there is no translation in the file: a line holds a word and its translation", path=path)
    return found


def _translation(words: list[str], path: str | Path, number: int) -> Translation:
    if len(words) != 2 or not all(words):
        found = counted(len(words), "part")
        message = f"a translation is two words, {found} found: write 'word<TAB>translation', one of each"
        raise DataError(message, path=path, line=number)
    return words[0], words[1]
