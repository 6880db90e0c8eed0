"""The formats, and choosing one by file name."""

from __future__ import annotations

from pathlib import Path

from mt2st.errors import DataError, did_you_mean
from mt2st.text.files import COMPRESSED, REMEDIES
from mt2st.text.parameters import asked, told

FORMATS = ("tsv", "csv", "jsonl", "fasttext", "lines", "conllu", "columns")
# A .txt file may be in either of two formats; its first line decides.
UNDECIDED = "fasttext or lines"
EXTENSIONS = {
    **dict.fromkeys((".tsv", ".tab"), "tsv"),
    **dict.fromkeys((".csv",), "csv"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".ft", ".fasttext"), "fasttext"),
    **dict.fromkeys((".txt", ".text"), UNDECIDED),
    **dict.fromkeys((".conllu",), "conllu"),
    **dict.fromkeys((".conll", ".bio", ".iob", ".iob2"), "columns"),
}


def find_format(path: str, name: str) -> str:
    """Return the named format, or with "auto" that of the file's extension.

    Raises
    ------
    DataError
        If the name or the extension is unknown.

    Examples
    --------
    >>> find_format("Reviews.TSV.xz", "auto"), find_format("reviews.data", "csv")
    ('tsv', 'csv')
    """
    if name in FORMATS:
        return name
    if name != "auto":
        raise DataError(f"{told('format')}={name!r} is not a format{did_you_mean(str(name), ['auto', *FORMATS])}")
    file = Path(path)
    extension = Path(file.stem if file.suffix.lower() in COMPRESSED else file.name).suffix.lower()
    if extension not in EXTENSIONS:
        if not file.exists() or file.is_dir():
            raise DataError(REMEDIES[IsADirectoryError if file.is_dir() else FileNotFoundError], path=path)
        extensions = f"{', '.join(EXTENSIONS)}, each also with {', '.join(COMPRESSED)}"
        known = f"formats are {', '.join(FORMATS)}; extensions are {extensions}"
        raise DataError(
            f"the extension {extension!r} does not tell the format: pass {asked('format')} ({known})", path=path
        )
    return EXTENSIONS[extension]
