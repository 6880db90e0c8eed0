import pytest

from mt2st.errors import DataError
from mt2st.text.formats import FORMATS, UNDECIDED, find_format


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.tsv", "tsv"),
        ("a.TAB", "tsv"),
        ("a.b.csv.gz", "csv"),
        ("a.jsonl.XZ", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.ft", "fasttext"),
        ("a.fasttext", "fasttext"),
        ("a.txt", UNDECIDED),
        ("a.text.xz", UNDECIDED),
        ("en-ud.conllu", "conllu"),
        ("a.conll", "columns"),
        ("a.bio", "columns"),
        ("a.iob", "columns"),
        ("folder.csv/a.iob2", "columns"),
    ],
)
def test_extensions(name, expected):
    assert find_format(name, "auto") == expected


def test_a_named_format_goes_before_the_extension():
    assert [find_format("a.csv", name) for name in FORMATS] == list(FORMATS)


@pytest.mark.parametrize("name", ["a.parquet", "a", "a.gz", "train.en.xz"])
def test_an_unknown_extension(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=rf"^{name}: there is no such file: check the path"):
        find_format(name, "auto")
    (tmp_path / name).write_text("good\tfine\n")
    with pytest.raises(DataError, match=rf"^{name}: the extension .* pass format= .*tsv, csv, .*\.ndjson"):
        find_format(name, "auto")


def test_an_unknown_format():
    with pytest.raises(DataError, match="format='json' is not a format; did you mean 'jsonl'"):
        find_format("a.tsv", "json")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DataError, match="this is a folder: name one file in it"):
        find_format(str(tmp_path), "auto")


def test_an_unknown_compression_is_told_of_the_known_ones(tmp_path):
    (tmp_path / "a.tsv.bz2").write_text("x")
    with pytest.raises(DataError, match=r"each also with \.gz, \.xz, \.zst"):
        find_format(str(tmp_path / "a.tsv.bz2"), "auto")
