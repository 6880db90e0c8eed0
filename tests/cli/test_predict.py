"""``mt2st predict``."""

from time import sleep

import pytest

import mt2st
from mt2st import TokenTagger
from mt2st.cli.predict import in_order
from mt2st.errors import DataError
from mt2st.models import TaggingModel, TextModel

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
    assert called.err == "mt2st: nowhere: there is no such folder: give the one that save, fit, train or tune wrote\n"


def test_a_tagger_writes_a_token_and_its_tag_a_line(cli, tagger):
    called = cli("predict", tagger, stdin=b"Anna likes Rome\n\nit rains\n")
    assert called.out == "Anna\tB-PER\nlikes\tO\nRome\tB-LOC\n\n\nit\tO\nrains\tO\n\n"


def test_each_tag_may_have_its_probability(cli, tagger):
    model = TaggingModel.load(tagger / "model")
    shares = model.predict_proba([["Anna", "likes", "Rome"], [], ["it"]])
    called = cli("predict", tagger, "-p", stdin=b"Anna likes Rome\n\nit\n")
    tags = [("Anna", "B-PER"), ("likes", "O"), ("Rome", "B-LOC")]
    places = [model.classes.index(tag) for _, tag in tags]
    first = [f"{token}\t{tag}\t{row[at]:.4f}\n" for (token, tag), row, at in zip(tags, shares[0], places, strict=True)]
    assert called.out == "".join(first) + f"\n\nit\tO\t{shares[2][0, model.classes.index('O')]:.4f}\n\n"


def test_an_estimators_tags_and_their_probabilities(cli, tmp_path):
    sentences, tags = [["Anna", "runs"], ["it", "rains"]] * 20, [["A\tB", "O"], ["O", "O"]] * 20
    tagger = TokenTagger(seed=0).fit(sentences, tags)
    tagger.save(tmp_path / "saved")
    shares = tagger.predict_proba([["Anna", "rains"]])[0]
    name, other = tagger.classes_.tolist().index("A\tB"), tagger.classes_.tolist().index("O")
    assert cli("predict", tmp_path / "saved", stdin=b"Anna rains\n").out == "Anna\tA\\tB\nrains\tO\n\n"
    called = cli("predict", tmp_path / "saved", "-p", stdin=b"Anna rains\n")
    assert called.out == f"Anna\tA\\tB\t{shares[0, name]:.4f}\nrains\tO\t{shares[1, other]:.4f}\n\n"
    called = cli("predict", tmp_path / "saved", stdin=b"it\nit " + b"x" * 1_000_001)
    assert called.out == "it\tO\n\n"
    assert called.code == 2 and "standard input:2: a token of 1,000,001 characters, over 1,000,000" in called.plain


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


def test_chunks_come_out_in_the_order_in_which_they_went_in():
    def slow_at_even(number):
        sleep(0.02 * (number % 2 == 0))
        return number

    assert list(in_order(slow_at_even, range(9), 3)) == list(range(9))


def test_a_run_predicts_from_python_too(trained, cli):
    model = mt2st.load(trained)
    called = cli("predict", trained, stdin="\n".join(TEXTS).encode())
    assert model.predict(TEXTS) == mt2st.load(trained / "model").predict(TEXTS) == called.out.splitlines()
    with pytest.raises(DataError, match="a list of texts is expected, one str found"):
        model.predict(TEXTS[0])


def test_a_run_of_a_tagger_predicts_as_the_estimator_does(cli, tagger):
    model = mt2st.load(tagger)
    [tags], [shares] = model.predict([["Anna", "likes", "Rome"]]), model.predict_proba([["Anna", "likes", "Rome"]])
    assert tags == ["B-PER", "O", "B-LOC"] == [model.classes[place] for place in shares.argmax(1)]
    for predict in (model.predict, model.predict_proba):
        with pytest.raises(DataError, match=r"sentences\[0\] is one string, 'Anna likes Rome': split it into tokens"):
            predict(["Anna likes Rome"])
