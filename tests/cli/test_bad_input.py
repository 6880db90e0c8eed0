"""Point by point: bad input is one clear line with its place, or is counted and left out."""

import json

import pytest

GOOD = "".join(f"{('pos', 'neg')[n % 2]}\tsome fine words {n}\n" for n in range(30)).encode()
LINES = 30

# Rows added to a good file: what is wrong, what the message says, and what a skipped row is counted as.
ROWS = {
    "too many columns": (b"pos\tfine\tmore\n", "31:10: 2 columns expected, 3 found", "wrong column count"),
    "too few columns": (b"pos\n", "31:4: 2 columns expected, 1 found", "wrong column count"),
    "empty text": (b"pos\t\n", "31:5: the text is empty: fill it in", "empty text"),
    "blank text": (b"pos\t \t\n".replace(b"\t\n", b"\n"), "31:5: the text is empty: fill it in", "empty text"),
    "invalid UTF-8": (b"pos\tcaf\xe9\n", "31:8: the byte 0xe9 is not UTF-8: save the file as", "invalid UTF-8"),
    "NUL byte": (b"pos\tfi\0ne\n", "31:7: a NUL byte, which text does not hold: remove it", "NUL byte"),
}


@pytest.mark.parametrize(("row", "message", "reason"), ROWS.values(), ids=ROWS)
def test_a_bad_row_stops_with_its_place_or_is_counted(cli, tmp_path, row, message, reason):
    (tmp_path / "bad.tsv").write_bytes(GOOD + row)
    called = cli("train", "--data", "bad.tsv", "--set", "training.steps=3", "--out", "run", "-q")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(f"mt2st: bad.tsv:{message}"), called.err
    assert called.err.count("\n") == 1, "one line, no traceback"
    called = cli(
        "train", "--data", "bad.tsv", "--set", "training.steps=3", "--out", "run2", "-q", "--on-bad-rows", "skip"
    )
    assert (called.code, called.err) == (0, f"warning: bad.tsv: rows left out: 1 {reason}\n")
    data = json.loads((tmp_path / "run2/result.json").read_text())["data"]
    assert data["skipped_rows"] == {"bad.tsv": {reason: 1}}
    assert data["training"] + data["development"] + data["test"] == LINES


# Faults of a whole file: nothing is left to train on, whatever is done with bad rows.
FILES = {
    "empty": ("bad.tsv", b"", "bad.tsv: the file is empty"),
    "header only": ("bad.tsv", b"label\ttext\n", "bad.tsv:1:1: there is only a header row"),
    "no labels": ("bad.txt", b"just a line\nanother\n", "bad.txt"),
    "one example": ("bad.tsv", b"pos\tfine\n", "bad.tsv: 1 example and one label, 'pos': give data of"),
    "one class": ("bad.tsv", b"pos\tfine\npos\tgreat\n", "bad.tsv: 2 examples and one label, 'pos': give data of"),
    "unknown format": ("bad.doc", b"pos\tfine\n", "bad.doc: the extension '.doc' does not tell the format"),
    "damaged": ("bad.tsv.gz", b"no gzip", "bad.tsv.gz:1: the compressed file is damaged"),
    "no such column": (
        "bad.csv",
        b"a,b,c\n1,2,3\n",
        "bad.csv:1:1: 3 columns and no header: pass --set primary.text_column=...",
    ),
    "too few": ("bad.tsv", b"pos\tfine\nneg\tdull\n", "bad.tsv: no development examples among 2 to evaluate on"),
}


@pytest.mark.parametrize("on_bad_rows", ["error", "skip"])
@pytest.mark.parametrize(("name", "content", "message"), FILES.values(), ids=FILES)
def test_a_bad_file_is_an_error_either_way(cli, tmp_path, name, content, message, on_bad_rows):
    (tmp_path / name).write_bytes(content)
    called = cli("train", "--data", name, "--out", "run", "--on-bad-rows", on_bad_rows, "-q")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(f"mt2st: {message}"), called.err
    assert called.err.count("\n") == 1, "one line, no traceback"
    assert not (tmp_path / "run/result.json").exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.tsv", "none.tsv: there is no such file: check the path"),
        ("nope", "nope: there is no such file: check the path, or name a set; known: film, products"),
        ("prodcts", "prodcts: there is no such file: check the path, or name a set; did you mean 'products'?"),
        ("", "--data is empty: give a file or a named set"),
        (".", ".: this is a folder: name one file in it"),
    ],
)
def test_a_path_that_cannot_be_read(cli, path, message):
    called = cli("train", "--data", path, "-q", "--out", "run")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(f"mt2st: {message}")


def test_no_data_at_all(cli):
    called = cli("train", "--set", 'primary.data=""', "-q", "--out", "run")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith("mt2st: data is empty: name a file, or a set of film, products")


def test_a_folder_by_a_files_name(cli, tmp_path):
    (tmp_path / "folder.tsv").mkdir()
    called = cli("train", "--data", "folder.tsv", "-q", "--out", "run")
    assert called == (2, "", "mt2st: folder.tsv: this is a folder: name one file in it\n")


def test_a_class_missing_from_training(cli, tmp_path):
    (tmp_path / "good.tsv").write_bytes(GOOD)
    (tmp_path / "test.tsv").write_text("pos\tfine\nneg\tdull\nmixed\tso so\n")
    options = ("--data", "good.tsv", "--set", "primary.test_data=test.tsv", "--set", "training.steps=3", "-q")
    called = cli("train", *options, "--out", "run")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith("mt2st: test.tsv:3:1: the class 'mixed' (1) is in the held-out part but missing")
    called = cli("train", *options, "--out", "run2", "--on-bad-rows", "skip")
    assert called == (0, "", "warning: test.tsv: rows left out: 1 test class missing from training\n")


def test_of_many_classes_an_error_names_a_few(cli, tmp_path):
    every = [f"class{number:02}" for number in range(60)]
    (tmp_path / "good.tsv").write_text(
        "".join(f"{label}\t{label} is a fine film {k}\n" for label in every for k in range(9))
    )
    (tmp_path / "test.tsv").write_text("".join(f"new-{label}\tso {label}\n" for label in every))
    called = cli("train", "--data", "good.tsv", "--set", "primary.test_data=test.tsv", "-q")
    assert "the class 'new-class00' (1), 'new-class01' (1)" in called.err
    assert "(1) and 55 more is in the held-out part but missing from training, which has class00, " in called.err
    assert "class04 and 55 more: give training examples of it" in called.err


def test_more_classes_than_labels(cli, tmp_path):
    (tmp_path / "good.tsv").write_bytes(GOOD)
    called = cli("train", "--data", "good.tsv", "--labels", 1, "-q")
    assert called == (2, "", "mt2st: 1 labelled example cannot cover 2 classes: raise primary.labels\n")
    assert list((tmp_path / "runs").iterdir()) == [], "no run that --resume would take"


@pytest.mark.parametrize(
    "arguments", [("train", "--strategy", "swich"), ("train", "--labels", "0"), ("compare", "--seeds", "0"), ("trian",)]
)
def test_wrong_usage_exits_2(cli, arguments):
    called = cli(*arguments)
    assert (called.code, called.out) == (2, "")
    assert "Usage:" in called.plain and "Traceback" not in called.err
