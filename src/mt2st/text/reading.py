"""Read the examples of a file in any supported format."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from mt2st.errors import DataError, counted, did_you_mean
from mt2st.text.examples import Examples
from mt2st.text.fields import Wanted
from mt2st.text.files import read_lines
from mt2st.text.formats import UNDECIDED, find_format
from mt2st.text.parameters import asked
from mt2st.text.readers.columns import read_columns
from mt2st.text.readers.conllu import read_conllu
from mt2st.text.readers.fasttext import PREFIX, read_fasttext
from mt2st.text.readers.jsonlines import read_jsonlines
from mt2st.text.readers.lines import read_text_lines
from mt2st.text.readers.table import read_csv, read_tsv
from mt2st.text.rows import Rows

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Sequence, Sized

    from mt2st.text.examples import Example
    from mt2st.text.files import Line

    Reader = Callable[[Iterable[Line], Wanted, Rows], Iterator[Example]]

# Up to this many labels may be those of a single text, by many annotators.
MANY = 10
HEADER_WORDS = 3
READERS: dict[str, Reader] = {
    "tsv": read_tsv,
    "csv": read_csv,
    "jsonl": read_jsonlines,
    "fasttext": read_fasttext,
    "lines": read_text_lines,
    "conllu": read_conllu,
    "columns": read_columns,
}


def read_examples(
    path: str | os.PathLike[str],
    *,
    format: str = "auto",  # noqa: A002
    text_column: str | int | None = None,
    label_column: str | int | None = None,
    document_column: str | int | None = None,
    on_bad_rows: str = "error",
    require_labels: bool = False,
    labels: Iterable[str] | None = None,
    keep_unlabelled: bool = False,
) -> Examples:
    r"""Read the texts of a file, labelled or not, compressed (.gz, .xz) or not; at least one, in file order.

    Parameters
    ----------
    path
        The file; UTF-8, with or without a byte-order mark, with either kind of newline.
    format
        "tsv", "csv", "jsonl", "fasttext", "lines", "conllu" or "columns"; "auto" goes by the extension.
    text_column, label_column, document_column
        Names (or, in tables, numbers from 1) of columns, JSON keys, or for ``label_column`` a CoNLL-U comment; None
        takes the usual names. A table without a header is one column of text, or label and text.
    on_bad_rows
        "error" stops at the first bad row; "skip" skips bad rows and counts them in the result.
    require_labels
        Whether a file without labels is an error.
    labels
        The labels allowed; None allows any.
    keep_unlabelled
        Whether a row with an unknown label (empty, ``_``, or null) is an example without one, not a bad row.

    Raises
    ------
    DataError
        With ``file:line:column``, the rule, what was found and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "reviews.tsv")
    ...     _ = path.write_text("pos\ta fine film\nneg\t\n")
    ...     read = read_examples(path, on_bad_rows="skip")
    >>> read.texts, read.labels, read.skipped
    (['a fine film'], ['pos'], {'empty text': 1})
    """
    if on_bad_rows not in ("error", "skip"):
        near = did_you_mean(str(on_bad_rows), ["error", "skip"])
        raise DataError(f"on_bad_rows={on_bad_rows!r} must be 'error' or 'skip'{near}")
    known = None if labels is None else frozenset(labels)
    rows = Rows(str(path), on_bad_rows == "skip", require_labels, known, keep_unlabelled)
    wanted = Wanted(text_column, label_column, document_column)
    name, examples = read_rows(find_format(rows.path, format), wanted, rows)
    if require_labels:
        refuse_swapped({each.label for each in examples}, {each.text for each in examples}, rows.path)
        if name in ("tsv", "csv"):
            refuse_header(examples, rows.path)
    return Examples(examples, rows.path, name, rows.skipped, rows.first_skipped)


def refuse_swapped(labels: Sized, texts: Sized, path: str) -> None:
    """Raise `DataError` if there are more different labels than texts, a sign of swapped columns."""
    found = swapped(labels, texts)
    if found:
        raise DataError(f"{found}; without a header the label comes first: pass {asked('label_column')}", path=path)


def swapped(labels: Sized, texts: Sized, names: tuple[str, str] = ("labels", "texts")) -> str:
    """Return a message if labels and texts seem to be swapped, else an empty string."""
    if len(labels) <= max(len(texts), MANY):
        return ""
    one, other = names
    return f"{len(labels)} different {one} and {len(texts)} different {other}: the two seem to be in each other's place"


def refuse_header(examples: Sequence[Example], path: str) -> None:
    """Raise `DataError` if the first row of a table seems to be a header without a usual name of the text.

    Its label is in no other row, although each other label is in several, and its text has few words.
    """
    first, counts = examples[0], Counter(each.label for each in examples)
    alone = len(examples) > MANY and counts.pop(first.label) == 1 and min(counts.values(), default=1) > 1
    if alone and first.line == 1 and len(first.text.split()) <= HEADER_WORDS:
        raise DataError(
            f"the label {first.label!r} is in no other row: if this row is a header, pass {asked('text_column')} and "
            f"{asked('label_column')} by name; else give another example of it, or leave it out",
            path=path,
            line=first.line,
            column=first.column,
        )


def read_rows(name: str, wanted: Wanted, rows: Rows) -> tuple[str, list[Example]]:
    """Return the format, after detection, and the good rows of the file."""
    with closing(read_lines(rows.path)) as source:
        lines: Iterator[Line] = source
        if name == UNDECIDED:
            name, lines = decide(lines)
        examples = list(READERS[name](lines, wanted, rows))
    if not examples:
        count = sum(rows.skipped.values())
        bad = f"{counted(count, 'bad row')}, the first at {rows.first_skipped[0]}" if count else ""
        what = bad or "there are only blank lines"
        raise DataError(f"nothing is left to read: {what}; correct the file", path=rows.path)
    return name, examples


def decide(lines: Iterator[Line]) -> tuple[str, Iterator[Line]]:
    """Return "fasttext" if the first line that is not blank begins with a label, else "lines", and all the lines."""
    head: list[Line] = []
    for line in lines:
        head.append(line)
        if line.text.strip():
            break
    labelled = bool(head) and head[-1].text.lstrip().startswith(PREFIX)
    return ("fasttext" if labelled else "lines"), chain(head, lines)
