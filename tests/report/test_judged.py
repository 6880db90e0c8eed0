"""The page about a model: what stands on it, for whom it is safe, and that nothing of the user is taken for HTML."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.evaluation import evaluate_calibration, evaluate_classification, evaluate_labels
from mt2st.evaluation.mistakes import Confusion, Mark, Mistake, Near
from mt2st.report import Coverage, Findings, Group, findings_page, write_findings
from mt2st.report.matrix import most_confused_classes

CHANCES = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]])
GOLD = np.array([0, 1, 1, 0])


def findings(**changes):
    mistake = Mistake(
        "A dull but fine film.",
        (Mark(2, 6, 1.0), Mark(11, 15, -0.5), Mark(16, 20, 0.01)),
        0.7,
        0.3,
        (Near("a dull film", "neg", 0.81),),
        before=-1.25,
    )
    values = {
        "title": "Reviews",
        "about": "Two labels.",
        "measures": evaluate_classification(GOLD, CHANCES.argmax(1), ("neg", "pos")).as_dict(),
        "calibration": evaluate_calibration(CHANCES, GOLD).as_dict(),
        "confusions": [Confusion("pos", "neg", 1, 2, (mistake,))],
        "coverage": Coverage(200, 13, [("zebu", 9), ("yak", 4)], [Group("all words known", 3, 0.9)]),
    }
    return Findings(**{**values, **changes})


@pytest.fixture
def page_of(read_html):
    def read(found):
        page = findings_page(found)
        reader = read_html(page)
        return page, reader, " ".join(" ".join(reader.text).split())

    return read


def test_what_was_found_is_on_the_page(page_of):
    _, reader, text = page_of(findings())
    plain = re.sub(r" ([,:])", r"\1", text.replace("\xa0", " "))
    for piece in (
        "Reviews", "Two labels.", "0.500", "pos predicted as neg 1 of 2, 50%",
        "predicted neg with probability 0.700, pos with 0.300",
        "for neg: dull +1.00", "for pos: fine +0.50", "before any word: +1.25 for pos",
        "Training texts most like it", "a dull film", "cosine 0.81",
        "6% of the running words", "zebu (9)", "all words known 3 0.900", "neg 0.500 0.500 0.500 2", "Brier score",
    ):  # fmt: skip
        assert piece in plain, piece
    assert {"+1.00 for neg", "+0.50 for pos", "+0.01 for neg"} <= {v for n, v in reader.attributes if n == "title"}


def test_words_are_coloured_by_side_and_strength(page_of):
    page, _, _ = page_of(findings())
    assert re.search(r'class="w toward" style="--part: 1.00" title="\+1.00 for neg">dull<', page)
    assert re.search(r'class="w against" style="--part: 0.50" title="\+0.50 for pos">fine<', page)
    assert '<span title="+0.01 for neg">film</span>' in page, "what says next to nothing is not coloured"


def test_calibration_is_told_in_words(page_of):
    # Said 0.9, 0.8, 0.7 and 0.6, right twice of four.
    _, _, text = page_of(findings())
    assert "Mean probability 75%, accuracy 50%: overconfident by 0.250." in text
    assert f"Calibration error {evaluate_calibration(CHANCES, GOLD).ece:.3f}" in text


def test_nothing_is_loaded_or_run_and_what_users_wrote_is_text(page_of, nasty):
    wrong = Mistake(nasty, (Mark(0, 8, 1.0), Mark(9, 20, -1.0)), 0.9, 0.1, (Near(nasty, nasty, 0.5),))
    page, reader, text = page_of(
        findings(
            title=nasty,
            about=nasty,
            measures=evaluate_classification(GOLD, GOLD, (nasty, "pos")).as_dict(),
            confusions=[Confusion(nasty, f"{nasty} 2", 1, 2, (wrong,))],
            coverage=Coverage(2, 1, [(nasty, 1)]),
        )
    )
    assert not re.search(r"https?://|//[a-z]|@import|url\((?!#)", page)
    assert "<script" not in page and not {"script", "iframe", "object", "form"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert text.count("<script>alert") >= 8 and "49" not in page.split("</style>")[1].split("<svg")[0]


def test_texts_keep_their_own_direction(page_of):
    hebrew = Mistake("סרט משעמם", (Mark(4, 9, 1.0),), 0.9, 0.1)
    page, _, _ = page_of(findings(confusions=[Confusion("טוב", "רע", 1, 1, (hebrew,))]))
    assert '<p class="text" dir="auto">' in page and "<bdi>רע</bdi>" in page and ">משעמם<" in page


def test_a_page_of_many_long_texts_and_classes_stays_small(page_of):
    labels = tuple(f"class {number}" for number in range(1500))
    gold = np.arange(3000) % 1500
    long = "word " * 200_000 + "dull " + "x" * 100_000
    mistakes = tuple(
        Mistake(long, (Mark(1_000_000, 1_000_004, 1.0),), 0.9, 0.1, (Near(long, "neg", 0.9),) * 3) for _ in "abc"
    )
    page, _, text = page_of(
        findings(
            measures=evaluate_classification(gold, (gold + gold % 7) % 1500, labels).as_dict(),
            confusions=[Confusion("pos", "neg", 3, 5, mistakes)] * 8,
        )
    )
    assert len(page.encode()) < 1_000_000
    assert "dull" in text and "1000 rarer ones are left out" in text and "1,477 others" in text


def test_several_labels_and_a_page_with_little_on_it(page_of):
    truth = np.array([[1, 0], [1, 1]])
    probabilities = np.array([[0.8, 0.3], [0.4, 0.9]])
    found = findings(
        measures=evaluate_labels(truth, (probabilities > 0.5).astype(int), ("red", "green")).as_dict(),
        calibration=evaluate_calibration(probabilities, truth, several=True).as_dict(),
        confusions=[],
        coverage=None,
    )
    _, _, text = page_of(found)
    assert "red 1.000 0.500 0.667 2 green 1.000 1.000 1.000 1" in text and "micro F1" in text
    assert "Confusions" not in text and "Unknown words" not in text
    bare = findings(measures={"accuracy": 0.5, "examples": 2}, calibration=None, confusions=[], coverage=None)
    assert "0.500" in page_of(bare)[2]


def test_the_file_is_written_whole_or_the_place_is_told(tmp_path):
    path = write_findings(findings(), tmp_path / "page.html")
    assert path.read_text(encoding="utf-8") == findings_page(findings()) == findings_page(findings())
    with pytest.raises(DataError, match="cannot write the report"):
        write_findings(findings(), tmp_path / "none" / "page.html")


@pytest.mark.parametrize("name", [".", "", "letter/page.html", "x" * 300])
def test_where_no_page_can_be_is_told(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("letter").write_text("dear")
    with pytest.raises(DataError, match=r"cannot write the report \((Is a dir|Not a dir|File name too long)"):
        write_findings(findings(), Path(name))
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_a_link_to_a_page_stays_one(tmp_path):
    (tmp_path / "latest.html").symlink_to(tmp_path / "one.html")
    assert write_findings(findings(), tmp_path / "latest.html") == tmp_path / "latest.html"
    assert (tmp_path / "latest.html").is_symlink() and (tmp_path / "one.html").read_text().startswith("<!")


def test_the_matrix_of_many_classes_adds_up():
    random = np.random.default_rng(0)
    confusion = random.integers(0, 9, (40, 40))
    names, counts = most_confused_classes([str(n) for n in range(40)], confusion, most=10)
    kept = [int(name) for name in names[:-1]]
    assert counts.sum() == confusion.sum() and names[-1] == "31 others"
    assert counts[:-1, :-1].tolist() == confusion[np.ix_(kept, kept)].tolist()


def test_characters_that_html_forbids_are_replaced():
    odd = "nul\0, escape\x1b[31m, lone \ud800, no character \ufffe \U0001ffff, next line \x85"
    page = findings_page(findings(title=odd, confusions=[Confusion("a\x08", "b", 1, 2, (Mistake(odd),))]))
    assert page.count("nul\ufffd, escape\ufffd[31m, lone \ufffd, no character \ufffd \ufffd, next line \ufffd") == 3
    assert "a\ufffd" in page and not re.search("[\0\x08\x1b\x85\ud800\ufffe]", page)
