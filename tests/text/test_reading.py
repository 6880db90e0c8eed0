import gzip
import json
import lzma
import subprocess
import sys

import pytest

from mt2st.errors import DataError
from mt2st.text import read_examples

TOKEN = "{}\t{}\t_\t_\t_\t_\t_\t_\t_\t_\n"
CONTENTS = {
    "tsv": "label\ttext\npos\tGood.\nneg\tBäd?\n",
    "csv": "label,text\npos,Good.\nneg,Bäd?\n",
    "jsonl": '{"text": "Good.", "label": "pos"}\n{"text": "Bäd?", "label": "neg"}\n',
    "fasttext": "__label__pos Good.\n__label__neg Bäd?\n",
    "lines": "Good.\nBäd?\n",
    "conllu": "# text = Good.\n" + TOKEN.format(1, "Good.") + "\n" + TOKEN.format(1, "Bäd?") + "\n",
    "columns": "Good.\tO\n\nBäd?\tO\n",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_every_format_reads_alike_however_it_is_stored(write, name):
    clean = CONTENTS[name].encode()
    plain = read_examples(write("a", clean), format=name)
    assert plain.texts == ["Good.", "Bäd?"]
    assert plain.labels in (["pos", "neg"], [None, None])
    assert (plain.format, plain.skipped, plain.first_skipped) == (name, {}, [])
    marked = b"\xef\xbb\xbf" + clean.replace(b"\n", b"\r\n")
    for stored, content in [("a", marked), ("a.gz", gzip.compress(marked)), ("a.xz", lzma.compress(clean))]:
        assert read_examples(write(stored, content), format=name).examples == plain.examples


@pytest.mark.parametrize("name", CONTENTS)
def test_every_format_refuses_bad_bytes_at_their_place(refuse_row, name):
    content = CONTENTS[name].encode().replace("Bäd".encode(), b"B\xe4d")
    line = 1 + content[: content.index(b"\xe4")].count(b"\n")
    column = content.split(b"\n")[line - 1].index(b"\xe4") + 1
    read = refuse_row("a", content, f"{line}:{column}", "invalid UTF-8", "iconv", format=name)
    assert read.texts == ["Good."]


@pytest.mark.parametrize("name", CONTENTS)
def test_every_format_refuses_nul_bytes(refuse_row, name):
    content = CONTENTS[name].encode().replace("Bäd".encode(), b"B\0d")
    line = 1 + content[: content.index(b"\0")].count(b"\n")
    column = content.split(b"\n")[line - 1].index(b"\0") + 1
    assert refuse_row("a", content, f"{line}:{column}", "NUL byte", "tr -d", format=name).texts == ["Good."]


@pytest.mark.parametrize("name", ["tsv", "csv", "jsonl", "fasttext"])
def test_every_labelled_format_refuses_an_unknown_label(refuse_row, name):
    content = CONTENTS[name].replace("neg", "negg")
    line = content.split("\n").index(next(row for row in content.split("\n") if "negg" in row)) + 1
    column = {"tsv": 1, "csv": 1, "fasttext": 1, "jsonl": 27}[name]
    words = ("'negg' is not a known one", "did you mean 'neg'", "add it to labels=")
    refuse_row("a", content, f"{line}:{column}", "unknown label", *words, format=name, labels=["pos", "neg"])


def test_columns_have_a_label_for_each_token_alone(write):
    with pytest.raises(DataError, match="a label for each text is asked for: that is the kind tagging"):
        read_examples(write("a", CONTENTS["columns"]), format="columns", require_labels=True)


@pytest.mark.parametrize("swapped", [False, True])
def test_columns_in_each_others_place_are_told(write, swapped):
    rows = [("pos", f"text {n}") for n in range(12)]
    path = write("a.tsv", "".join("\t".join(row[:: -1 if swapped else 1]) + "\n" for row in rows))
    if not swapped:
        assert len(read_examples(path, require_labels=True)) == 12
        return
    with pytest.raises(DataError) as caught:
        read_examples(path, require_labels=True)
    found = "12 different labels and 1 different texts: the two seem to be in each other's place"
    assert str(caught.value) == f"{path}: {found}; without a header the label comes first: pass label_column="


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("Review Text,Sentiment", "", True),
        ("Review Text,pos", "", False),
        ("Review Text,mixed", "so so,unsure\n", False),  # classes with one example are usual here
        ("a text of four words,Sentiment", "", False),
    ],
)
def test_a_header_read_as_a_row_is_told(write, first, last, refused):
    rows = "".join(f"text {n},{('pos', 'neg')[n % 2]}\n" for n in range(12))
    path = write("a.csv", f"{first}\n{rows}{last}")
    numbers = {"text_column": 1, "label_column": 2, "require_labels": True}
    if not refused:
        assert len(read_examples(path, **numbers)) >= 13
        return
    with pytest.raises(
        DataError, match=r"a\.csv:1:13: the label 'Sentiment' is in no other row: if this row is a header"
    ):
        read_examples(path, **numbers)
    assert len(read_examples(path, text_column="Review Text", label_column="Sentiment")) == 12


@pytest.mark.parametrize("name", ["lines", "conllu"])
def test_labels_cannot_be_required_of_a_format_without_them(refuse, name):
    refuse("a", CONTENTS[name], "1:1", "labels are required", "label_column=", format=name, require_labels=True)


@pytest.mark.parametrize("name", ["tsv", "csv", "jsonl", "fasttext"])
def test_labels_that_are_there_can_be_required(write, name):
    assert len(read_examples(write("a", CONTENTS[name]), format=name, require_labels=True)) == 2


@pytest.mark.parametrize("name", ["fasttext", "lines", "columns"])
def test_formats_without_columns_refuse_them(write, name):
    with pytest.raises(DataError, match=f"label_column='y': the {name} format has no such column"):
        read_examples(write("a", CONTENTS[name]), format=name, label_column="y")


def test_a_text_file_is_fasttext_when_its_first_line_begins_with_a_label(write):
    read = read_examples(write("a.txt", "\n  \n__label__x good\n"))
    assert (read.format, read.texts, read.labels) == ("fasttext", ["good"], ["x"])
    read = read_examples(write("a.txt", "\ngood\n__label__x bad\n"))
    assert (read.format, read.texts) == ("lines", ["good", "__label__x bad"])
    assert read_examples(write("a.txt", "good\nbad\n")).texts == ["good", "bad"]


def test_a_file_of_blank_lines(refuse):
    refuse("a.txt", "\n \n", None, "nothing is left to read", "only blank lines")


def test_a_file_of_bad_rows_only(refuse):
    refuse("a.tsv", "pos\t\nneg\t \n", None, "2 bad rows", ":1:5: the text is empty", on_bad_rows="skip")
    refuse("a.tsv", "pos\t\n", None, "1 bad row, the first", on_bad_rows="skip")


def test_on_bad_rows_has_two_values(write):
    with pytest.raises(DataError, match="on_bad_rows='skp' must be 'error' or 'skip'; did you mean 'skip'"):
        read_examples(write("a.tsv", "pos\tgood\n"), on_bad_rows="skp")


def test_skipping_counts_every_reason_and_keeps_the_good_rows(write):
    rows = ["pos\tgood", "pos", "\tgood", "pos\t", "psoo\tgood", "neg\tbad", "neg\tbad\tworse"]
    path = write("a.tsv", "\n".join(rows) + "\n")
    read = read_examples(path, on_bad_rows="skip", labels=["pos", "neg"])
    assert read.texts == ["good", "bad"]
    assert read.skipped == {"wrong column count": 2, "missing label": 1, "empty text": 1, "unknown label": 1}
    places = [message.removeprefix(str(path)).split(": ")[0] for message in read.first_skipped]
    assert places == [":2:4", ":3:1", ":4:5", ":5:1", ":7:9"]


def test_the_path_may_be_a_string(write):
    path = write("a.jsonl", json.dumps({"text": "good"}))
    assert read_examples(str(path)).path == str(path)


def test_no_file_stays_open_after_an_error(write):
    path = write("a.tsv", "pos\t\n" * 3)
    with pytest.raises(DataError):
        read_examples(path)
    path.rename(path.with_name("b.tsv"))


def test_the_layer_is_light():
    code = (
        "import sys, mt2st.text; sys.exit(any(name in sys.modules for name in ('torch', 'numba', 'pandas', 'scipy')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
