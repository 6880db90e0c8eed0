"""``mt2st neighbours``, ``mt2st analogy`` and ``mt2st evaluate VECTORS``."""

import json
from collections import namedtuple

import pytest

from mt2st.datasets import available

Status = namedtuple("Status", "name kind cached")

WORDS = {
    "man": (1, 0, 1),
    "woman": (1, 1, 1),
    "king": (9, 0, 1),
    "queen": (9, 1, 1),
    "apple": (0, 0, 9),
    "[b]odd": (0, -9, 0),
}


@pytest.fixture
def vectors(tmp_path):
    lines = [f"{word} {' '.join(map(str, row))}" for word, row in WORDS.items()]
    path = tmp_path / "vectors.vec"
    path.write_text("\n".join([f"{len(WORDS)} 3", *lines, ""]))
    return path


@pytest.fixture
def sets(tmp_path):
    # Cosines 0.816, 0.707 and 0: as the scores.
    (tmp_path / "pairs.tsv").write_text("Man\twoman\t9\nman\tapple\t5\nking\t[b]odd\t1\nman\tprince\t7\n")
    (tmp_path / "other.txt").write_text("man woman 1\nman apple 2\n")
    family = ": family\nman woman king queen\nman king woman apple\nman woman king prince\n"
    (tmp_path / "questions.txt").write_text(f"{family}: gram1\nking queen man woman\n")


def test_neighbours_by_hand(cli, vectors):
    called = cli("neighbours", vectors, "king", "--top", 2)
    assert (called.code, called.err) == (0, "")
    lines = [line.split("│")[1:3] for line in called.out.splitlines() if line.startswith("│")]
    # (9, 0, 1) with (9, 1, 1): 82 / sqrt(82 * 83); with (1, 0, 1): 10 / sqrt(82 * 2).
    assert [[cell.strip() for cell in line] for line in lines] == [["queen", "0.9940"], ["man", "0.7809"]]
    assert called.out.startswith("king")


def test_several_words_as_json(cli, vectors):
    called = cli("neighbours", vectors, "king", "apple", "--top", 1, "--json")
    assert json.loads(called.out) == {
        "king": [{"word": "queen", "cosine": pytest.approx(0.99396, abs=1e-5)}],
        "apple": [{"word": "man", "cosine": pytest.approx(0.707107)}],
    }


def test_words_come_from_standard_input(cli, vectors):
    given = cli("neighbours", vectors, "king", "apple", "--json").out
    assert cli("neighbours", vectors, "--json", stdin=b"king\r\n\n apple \n").out == given
    assert cli("neighbours", vectors, stdin=b"") == (0, "", "")


def test_words_in_brackets_are_no_markup(cli, vectors):
    assert "[b]odd" in cli("neighbours", vectors, "apple").out
    assert cli("neighbours", vectors, "[b]odd").out.startswith("[b]odd")


def test_analogy(cli, vectors):
    called = cli("analogy", vectors, "man", "woman", "king", "--top", 1)
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith("man : woman = king : ?")
    assert "queen" in called.out and "0.880" in called.out
    found = json.loads(cli("analogy", vectors, "man", "woman", "king", "--json").out)
    assert found["man : woman = king : ?"][0]["word"] == "queen"


@pytest.mark.parametrize("command", [("neighbours", "kimg"), ("analogy", "man", "kimg", "king")])
def test_an_unknown_word_is_one_message(cli, vectors, command):
    name, *words = command
    called = cli(name, vectors, *words)
    rule = "the word 'kimg' is not among the 6 words: check its spelling and its case; near it: king"
    assert called == (2, "", f"mt2st: {rule}\n")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_words_without_neighbours_do_not_lose_the_others(cli, vectors, form):
    good = cli("neighbours", vectors, "king", "apple", *form)
    told = (
        "mt2st: the word 'nope' is not among the 6 words: check its spelling and its case\n"
        "the word 'kimg' is not among the 6 words: check its spelling and its case; near it: king\n"
    )
    assert cli("neighbours", vectors, "king", "nope", "apple", "kimg", *form) == (2, good.out, told)
    assert cli("neighbours", vectors, *form, stdin=b"king\nnope\nkimg\napple\n") == (2, good.out, told)


def test_no_vectors_is_one_message(cli):
    for command in (("neighbours", "none.vec", "a"), ("evaluate", "none.vec", "--pairs", "pairs.tsv")):
        called = cli(*command)
        assert (called.code, called.out) == (2, "")
        assert called.err.startswith("mt2st: none.vec")


def test_top_must_be_positive(cli, vectors):
    assert cli("neighbours", vectors, "king", "--top", 0).code == 2


def test_evaluate_by_hand(cli, vectors, sets, tmp_path):
    files = ("--pairs", "pairs.tsv", "--pairs", "other.txt", "--analogies", "questions.txt")
    called = cli("evaluate", vectors, *files, "--json", "found.json")
    assert (called.code, called.err) == (0, "")
    pairs, other, analogies = json.loads((tmp_path / "found.json").read_text())
    assert (pairs["set"], pairs["spearman"], pairs["pairs"], pairs["oov_ratio"]) == ("pairs.tsv", 1.0, 3, 25.0)
    assert (other["set"], other["spearman"]) == ("other.txt", pytest.approx(-1))
    assert analogies == {
        "set": "questions.txt",
        "total": pytest.approx(2 / 3),
        "semantic": 0.5,
        "syntactic": 1.0,
        "questions": 3,
        "unknown": 1,
        "oov_ratio": 25.0,
        "sections": [
            {"section": "family", "accuracy": 0.5, "questions": 2},
            {"section": "gram1", "accuracy": 1.0, "questions": 1},
        ],
    }
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in called.out.splitlines() if "│" in line]
    assert rows == [
        ["pairs.tsv", "Spearman", "1.000", "3", "25.0%"],
        ["other.txt", "Spearman", "-1.000", "2", "0.0%"],
        ["questions.txt", "accuracy", "0.667", "3", "25.0%"],
        ["questions.txt", "... semantic", "0.500", "2", ""],
        ["questions.txt", "... syntactic", "1.000", "1", ""],
    ]


def test_analogies_are_over_the_most_frequent_words(cli, vectors, sets, tmp_path):
    options = ("--restrict", 3, "--json", "found.json")
    called = cli("evaluate", vectors, "--analogies", "questions.txt", *options)
    assert json.loads((tmp_path / "found.json").read_text())[0]["questions"] == 0
    assert "accuracy" in called.out and " - " in called.out


def test_without_files_the_named_sets_are_taken(cli, vectors, sets, monkeypatch, tmp_path):
    monkeypatch.setattr(
        "mt2st.datasets.path_of", lambda name: tmp_path / ("questions.txt" if name == "analogies" else "pairs.tsv")
    )
    if not all(status.cached for status in available() if status.kind in ("pairs", "analogies")):
        pytest.skip("gensim is not installed")
    called = cli("evaluate", vectors)
    assert called.code == 0
    assert [name in called.out for name in ("wordsim353", "simlex999", "analogies")] == [True] * 3


def test_named_sets_may_be_given_beside_files(cli, vectors, sets, monkeypatch, tmp_path):
    monkeypatch.setattr("mt2st.datasets.path_of", lambda name: {"wordsim353": tmp_path / "other.txt"}[name])
    called = cli("evaluate", vectors, "--pairs", "wordsim353", "--pairs", "pairs.tsv", "--json", "found.json")
    assert called.code == 0, called.err
    found = json.loads((tmp_path / "found.json").read_text())
    assert [(each["set"], each["pairs"]) for each in found] == [("wordsim353", 2), ("pairs.tsv", 3)]
    called = cli("evaluate", vectors, "--pairs", "analogies")
    assert called == (2, "", "mt2st: analogies: there is no such file: check the path\n"), "a set of another kind"


def test_named_sets_that_too_few_words_are_of_are_left_out(cli, vectors, monkeypatch, tmp_path):
    files = {"wordsim353": "strange.txt", "analogies": "questions.txt"}
    (tmp_path / "strange.txt").write_text("zyx wvu 9\nman wvu 3\n")
    (tmp_path / "questions.txt").write_text(": family\nman woman king queen\n")
    sets = [Status(name, "analogies" if name == "analogies" else "pairs", True) for name in files]
    monkeypatch.setattr("mt2st.datasets.available", lambda: sets)
    monkeypatch.setattr("mt2st.datasets.path_of", lambda name: tmp_path / files[name])
    called = cli("evaluate", vectors)
    assert (called.code, called.err) == (
        0,
        "warning: wordsim353: left out, as too few of its pairs have vectors\n",
    )
    assert "analogies" in called.out
    assert cli("evaluate", vectors, "--pairs", "strange.txt").code == 2, "one that is asked for is not left out"


def test_no_named_set_at_hand_is_told(cli, vectors, monkeypatch):
    monkeypatch.setattr("mt2st.datasets.available", list)
    called = cli("evaluate", vectors)
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith("mt2st: none of the named sets is at hand: pip install 'mt2st[data]'")


def test_a_bad_set_is_told_by_its_place(cli, vectors, tmp_path):
    (tmp_path / "pairs.tsv").write_text("man\twoman\t9\nman\tking\tx\n")
    called = cli("evaluate", vectors, "--pairs", "pairs.tsv")
    assert called.code == 2
    assert called.err.startswith("mt2st: pairs.tsv:2:10: the score must be a finite number, 'x' found")


def test_runs_and_vectors_are_told_apart(cli, trained, vectors, sets):
    for place in (trained, trained / "model"):
        called = cli("evaluate", place, "--pairs", "pairs.tsv")
        assert called.code == 2 and f"mt2st evaluate {place} FILE" in called.err
    called = cli("evaluate", vectors, "--data", "pairs.tsv")
    assert called.code == 2 and f"for a model, {vectors} is a file" in called.err
    assert "--pairs pairs.tsv or --analogies pairs.tsv" in called.err
    called = cli("evaluate", trained, "--data", "pairs.tsv", "--analogies", "questions.txt")
    assert called.code == 2 and "give either" in called.err
