"""Sentences with a tag for each token, from CoNLL-U, from columns or from JSON lines."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mt2st.errors import DataError, counted, did_you_mean
from mt2st.text.fields import is_name, is_number
from mt2st.text.files import read_lines
from mt2st.text.formats import find_format
from mt2st.text.parameters import told
from mt2st.text.readers import columns as bio
from mt2st.text.readers import conllu
from mt2st.text.readers.blocks import raise_fault
from mt2st.text.readers.column_names import number_by_name, part_header
from mt2st.text.readers.tagged_json import Keys, tagged_lists
from mt2st.text.rows import RowError, Rows, known_label

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from mt2st.text.files import Line

    Column = str | int | None
    Cells = tuple[Line, list[str]]

CONLLU_COLUMNS = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """The tokens of a sentence and their tags.

    Attributes
    ----------
    tokens
        The tokens as in the file.
    tags
        One tag per token; None if it has none: an empty cell, or ``_``.
    lines
        The physical line, from 1, of each token.
    text
        The sentence as text, if the file has it, else the tokens joined by spaces.
    """

    tokens: list[str]
    tags: list[str | None]
    lines: list[int]
    text: str

    @property
    def document(self) -> None:
        """Return None: sentences belong to no document."""


def read_tagged(
    path: str | os.PathLike[str],
    *,
    format: str = "auto",  # noqa: A002
    token_column: str | int | None = None,
    tag_column: str | int | None = None,
    rows: Rows | None = None,
) -> list[TaggedSentence]:
    r"""Read tagged sentences; at least one of them with a tag.

    Parameters
    ----------
    path
        The file, compressed (.gz, .xz, .zst) or not.
    format
        "conllu", or "columns": a token per line, columns separated by tabs or spaces, blank lines between sentences;
        comments before one and a header are skipped, see `mt2st.text.readers.columns`; "jsonl": an object per line,
        with a list of tokens and one of tags. "auto" goes by the extension; any but those of CoNLL-U and JSON lines
        means columns.
    token_column, tag_column
        In CoNLL-U a column's name, e.g. ``xpos``, or number from 1; by default ``form`` and ``upos``. In columns a
        number from 1, or a name in a header; by default the first and the last with a value. In JSON lines a key; by
        default ``tokens`` or ``words``, and ``tags``, ``ner_tags``, ``pos_tags``, ``upos`` or ``labels``.
    rows
        How to handle sentences with a fault; None: the first is an error.

    Raises
    ------
    DataError
        With ``file:line:column``, the rule, what was found and the remedy; also if the first of the columns numbers
        the tokens and ``token_column`` is None.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "names.conll")
    ...     _ = path.write_text("Anna\tB-PER\nran\tO\n\nHome\t_\n")
    ...     [(sentence.tokens, sentence.tags) for sentence in read_tagged(path)]
    [(['Anna', 'ran'], ['B-PER', 'O']), (['Home'], [None])]
    """
    rows = rows or Rows(str(path))
    read = READERS[_format(rows.path, format)]
    with closing(read_lines(rows.path)) as lines:
        found = list(read(lines, token_column, tag_column, rows))
    if not any(tag is not None for sentence in found for tag in sentence.tags):
        what = "no sentence is left" if not found else f"{counted(len(found), 'sentence')} and no tag"
        raise DataError(
            f"{what}: name the column of the tags by {told('label_column')}, or correct the file", path=rows.path
        )
    return found


def _format(path: str, name: str) -> str:
    if name == "auto":
        try:
            name = find_format(path, name)
        except DataError:
            return "columns"
        return name if name in READERS else "columns"
    if name not in READERS:
        near = did_you_mean(name, list(READERS))
        raise DataError(f"{told('format')}={name!r} does not hold tagged tokens{near}", path=path)
    return name


def _columns(lines: Iterable[Line], token: Column, tag: Column, rows: Rows) -> Iterator[TaggedSentence]:
    names, others = part_header(lines, [str(each) for each in (token, tag) if is_name(each)])
    token, tag = (number_by_name(*each, names, rows.path) for each in (("text", token), ("label", tag)))
    layout = bio.Layout()

    def parse(sentence: tuple[list[Line], str | None]) -> list[Cells]:
        raise_fault(sentence[0])
        cells = [(line, layout.cells(line)) for line in sentence[0]]
        if layout.width < 2:
            message = f"one column, and no place for tags: part token and tag by a tab or a space ({cells[0][1][0]!r})"
            raise RowError("missing label", message, sentence[0][0].number)
        return cells

    kept = list(rows.good(bio.sentences(others), parse))
    if not kept:
        return iter(())
    if token is None and bio.number_tokens([row[0] for _, row in cells] for cells in kept):
        remedy = f"set {told('format')} to conllu if it is CoNLL-U, else name the tokens' by {told('text_column')}"
        raise DataError(f"the first column numbers the tokens: {remedy}", path=rows.path)
    given = _given(token, 1), _given(tag, _last_filled(kept, layout.width))
    places = [_place(each, layout.width, rows.path) for each in given]
    return rows.good(kept, lambda cells: _sentence(cells, places))


def _last_filled(sentences: Iterable[list[Cells]], width: int) -> int:
    """Return the last column from 2 on that is not always empty, as separators at line ends make empty ones."""
    for at in range(width, 2, -1):
        if any(row[at - 1].strip() for cells in sentences for _, row in cells):
            return at
    return 2


def _conllu(lines: Iterable[Line], token: Column, tag: Column, rows: Rows) -> Iterator[TaggedSentence]:
    columns = _given(token, "form"), _given(tag, "upos")
    places = [_place(_numbered(column, rows.path), conllu.WIDTH, rows.path) for column in columns]

    def parse(sentence: conllu.Sentence) -> TaggedSentence:
        raise_fault(sentence.lines)
        words = []
        for line in sentence.tokens():
            cells, _, last, empty = conllu.split_token(line)
            if not last and not empty:  # a range is followed by its words, with their own tags
                words.append((line, cells))
        if not words:
            raise RowError("empty text", "a sentence without words: remove its comments", sentence.lines[0].number)
        comment = sentence.comments.get("text")
        return _sentence(words, places, comment.value if comment else None)

    return rows.good(conllu.sentences(lines), parse)


def _jsonl(lines: Iterable[Line], token: Column, tag: Column, rows: Rows) -> Iterator[TaggedSentence]:
    keys = Keys.of(token, tag)

    def parse(line: Line) -> TaggedSentence:
        tokens, tags = tagged_lists(line, keys)
        _check_tags([line] * len(tags), tags)
        return TaggedSentence(tokens, tags, [line.number] * len(tokens), " ".join(tokens))

    return rows.good((line for line in lines if line.fault or line.text.strip()), parse)


READERS = {"conllu": _conllu, "columns": _columns, "jsonl": _jsonl}


def _given(column: Column, default: str | int) -> str | int:
    return default if column is None else column


def _numbered(column: str | int, path: str) -> str | int:
    if is_number(column):
        return column
    name = str(column).lower()
    if name not in CONLLU_COLUMNS:
        raise DataError(f"CoNLL-U has no column {column!r}{did_you_mean(name, CONLLU_COLUMNS)}", path=path)
    return CONLLU_COLUMNS.index(name) + 1


def _place(column: str | int, width: int, path: str) -> int:
    if not 1 <= int(column) <= width:
        raise DataError(f"column {column} of {width}: columns count from 1", path=path)
    return int(column) - 1


def _sentence(cells: list[Cells], places: list[int], text: str | None = None) -> TaggedSentence:
    token, tag = places
    tokens = [each[token] for _, each in cells]
    tags = [known_label(each[tag]) for _, each in cells]
    _check_tags([line for line, _ in cells], tags)
    return TaggedSentence(tokens, tags, [line.number for line, _ in cells], text or " ".join(tokens))


def _check_tags(lines: list[Line], tags: list[str | None]) -> None:
    for line, tagged in zip(lines, tags, strict=True):
        if tagged is not None and any(map(str.isspace, tagged)):
            message = f"the tag {tagged[:30]!r} holds a space, which no tag does: is this a table of texts?"
            raise RowError("bad tag", message, line.number, 1 + line.text.find(tagged))
