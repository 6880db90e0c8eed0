"""``mt2st predict`` and ``mt2st evaluate``."""

import json

import pytest

from mt2st.models import TextModel

TEXTS = ["a lovely fine film", "dreadful dull box", "", "never seen words", "great great"]


def test_a_label_a_line(cli, trained):
    called = cli("predict", trained, stdin="\n".join(TEXTS).encode())
    assert (called.code, called.err) == (0, "")
    assert called.out.splitlines() == TextModel.load(trained).predict(TEXTS)
    assert [called.out.splitlines()[k] for k in (0, 1, 4)] == ["pos", "neg", "pos"]


def test_probabilities(cli, trained):
    called = cli("predict", trained, "--probabilities", stdin="\n".join(TEXTS).encode())
    shares = TextModel.load(trained).predict_proba(TEXTS)
    assert called.out.splitlines() == [f"{('neg', 'pos')[row.argmax()]}\t{row.max():.4f}" for row in shares]


def test_the_model_folder_does_too_and_nothing_in_is_nothing_out(cli, trained):
    assert cli("predict", trained / "model") == (0, "", "")


def test_more_lines_than_are_read_at_once(cli, trained):
    called = cli("predict", trained, stdin=b"fine\ndull\n" * 2500)
    assert called.out.splitlines() == ["pos", "neg"] * 2500


def test_a_mark_and_crlf_read_as_if_clean(cli, trained):
    # Were the mark part of the first word, it would be an unknown one.
    bare = cli("predict", trained, "-p", stdin=b"fine\ndull\n").out
    assert cli("predict", trained, "-p", stdin=b"\xef\xbb\xbffine\r\ndull\r\n").out == bare


@pytest.mark.parametrize(
    ("stdin", "place"),
    [
        (b"fine\ncaf\xe9 here\n", "2:4"),
        (b"\xff\n", "1:1"),
        (b"\xef\xbb\xbf\xc3\xa9\xff\n", "1:2"),
        ("é è ".encode() + b"\xff", "1:5"),
    ],
)
def test_invalid_utf8_is_told_by_line_and_column(cli, trained, stdin, place):
    called = cli("predict", trained, stdin=stdin)
    assert called.code == 2
    assert called.err.startswith(f"mt2st: standard input:{place}: not UTF-8: convert the text")


@pytest.mark.parametrize("command", [("predict", "nowhere"), ("evaluate", "nowhere", "--data", "reviews.tsv")])
def test_no_model_is_an_error(cli, command, tmp_path):
    called = cli(*command)
    assert (called.code, called.out) == (2, "")
    assert "no model there" in called.err and "give the folder of a finished run" in called.err


@pytest.fixture
def held(tmp_path):
    path = tmp_path / "held.tsv"
    path.write_text("pos\tfine lovely\nneg\tdull awful\nneg\tgreat splendid\npos\twarm\n")
    return path


def test_evaluate_by_hand(cli, trained, held, tmp_path):
    called = cli("evaluate", trained, "--data", held, "--json", "found.json")
    assert (called.code, called.err) == (0, "")
    found = json.loads((tmp_path / "found.json").read_text())
    # One negative example is taken for positive: precision 1 and 2/3, recall 1/2 and 1.
    assert (found["examples"], found["accuracy"]) == (4, 0.75)
    assert (found["labels"], found["confusion"]) == (["neg", "pos"], [[1, 1], [0, 2]])
    assert found["macro_precision"] == pytest.approx(5 / 6)
    assert found["macro_recall"] == pytest.approx(0.75)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert "accuracy 0.750 on 4 examples" in called.out
    assert "0.833" in called.out


def test_an_unknown_label_is_told_by_its_place(cli, trained, held):
    with held.open("a") as file:
        file.write("poss\tfine\nmixed\tso so\n")
    called = cli("evaluate", trained, "--data", held)
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(f"mt2st: {held}:5:1: the label 'poss' is not a known one; did you mean 'pos'?")
    called = cli("evaluate", trained, "--data", held, "--on-bad-rows", "skip", "--json", "found.json")
    assert called.code == 0
    assert called.err == f"warning: {held}: rows left out: 2 unknown label\n"
    assert json.loads((held.parent / "found.json").read_text())["accuracy"] == 0.75


def test_columns_and_format_can_be_named(cli, trained, held, tmp_path):
    (tmp_path / "held.data").write_text("kind,words\npos,fine lovely\nneg,great\n")
    options = ("--format", "csv", "--text-column", "words", "--label-column", "kind", "--json", "found.json")
    assert cli("evaluate", trained, "--data", "held.data", *options).code == 0
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == 0.5


def test_a_json_file_in_no_folder_is_told_before_the_work(cli, trained, held):
    called = cli("evaluate", trained, "--data", held, "--json", "none/found.json")
    remedy = "there is no folder none; make it, or give another path"
    assert called == (2, "", f"mt2st: cannot write none/found.json: {remedy}\n")


@pytest.fixture
def tagger(cli, tmp_path):
    pytest.importorskip("torch")
    text = "".join(f"Anna\tB-PER\nlikes\tO\nRome\tB-LOC\nn{n}\tO\n\nit\tO\nrains\tO\nm{n}\tO\n\n" for n in range(15))
    (tmp_path / "names.conll").write_text(text)
    small = {"primary.kind": "tagging", "model.encoder": "bilstm", "model.hidden_size": 8, "training.steps": 30}
    small |= {"model.rate": 0.05, "model.dropout": 0.0, "auxiliary.language.table_rate": 0.03}
    sets = [part for key, value in small.items() for part in ("--set", f"{key}={value}")]
    called = cli("train", "--data", "names.conll", "--out", "tagger", "--strategy", "single", *sets)
    assert called.code == 0, called.err
    return tmp_path / "tagger"


def test_a_tagger_writes_a_token_and_its_tag_a_line(cli, tagger):
    called = cli("predict", tagger, stdin=b"Anna likes Rome\n\nit rains\n")
    assert called.out == "Anna\tB-PER\nlikes\tO\nRome\tB-LOC\n\n\nit\tO\nrains\tO\n\n"


def test_a_tagger_is_judged_on_tagged_sentences(cli, tagger, tmp_path):
    (tmp_path / "more.conll").write_text("Anna\tB-PER\nlikes\tO\n\nRome\tB-LOC\nrains\tB-LOC\n\n")
    called = cli("evaluate", tagger, "--data", "more.conll", "--json", "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["examples"] == 4 and report["accuracy"] == 0.75 and "accuracy 0.750 on 4 tokens" in called.out
    assert report["spans"]["micro"]["support"] == 3


def test_tags_that_are_no_spans_are_shown_by_their_accuracy(cli, tagger, tmp_path):
    pytest.importorskip("torch")
    text = "".join(f"It\tPRON\nrains\tVERB\nn{n}\tNOUN\n\n" for n in range(40))
    (tmp_path / "pos.conll").write_text(text)
    (tmp_path / "own.vec").write_text("1 64\nrains " + " ".join(["0.1"] * 64) + "\n")
    sets = [
        "primary.kind=tagging",
        "model.encoder=bilstm",
        "training.steps=4",
        "primary.passes=1",
        "model.vectors=own.vec",
    ]
    flags = [part for each in sets for part in ("--set", each)]
    called = cli("train", "--data", "pos.conll", "--out", "pos", "--strategy", "single", *flags)
    assert called.code == 0, called.err
    assert "tokens" in called.out and "precision" not in called.out
    assert "vectors were given for 1 of 2 words, 50% of the running words" in called.out
