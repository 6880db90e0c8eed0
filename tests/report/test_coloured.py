"""Which parts of a text are shown, and how its words are coloured."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.evaluation.mistakes import Confusion, Mark, Mistake
from mt2st.report.coloured import MOST, pieces, shown, strongest_words
from mt2st.text import token_spans

KIND = Confusion("pos", "neg", 1, 2, ())


def marked(text, values):
    spans = token_spans(text)
    return Mistake(text, tuple(Mark(*span, values.get(text[span[0] : span[1]], 0.0)) for span in spans))


def test_a_short_text_is_shown_whole_word_by_word():
    found = pieces(marked("Not bad, not good!", {"bad": 2.0, "good": -1.0, "!": 0.1}), KIND)
    assert "".join(piece.text for piece in found) == "Not bad, not good!"
    told = {piece.text: (piece.kind, piece.part, piece.title) for piece in found if piece.title}
    assert told == {
        "bad": ("toward", 1.0, "+2.00 for neg"),
        "good": ("against", 0.5, "+1.00 for pos"),
        "!": ("", 0.0, "+0.10 for neg"),
    }


def test_a_long_text_is_cut_around_the_words_that_matter():
    text = "start " + "filler " * 300 + "awful " + "filler " * 300 + "superb " + "filler " * 300 + "end"
    found = pieces(marked(text, {"awful": 3.0, "superb": -2.0}), KIND)
    said = "".join(piece.text for piece in found)
    assert len(said) < MOST and [piece.text for piece in found if piece.kind in ("toward", "against")] == [
        "awful",
        "superb",
    ]
    assert [piece.kind for piece in found].count("gap") == 3 and "start" not in said and "end" not in said
    assert not [word for word in said.replace("…", " ").split() if word not in text.split()], "no word is cut in two"


def test_a_long_text_that_nothing_is_known_of_is_shown_from_its_beginning():
    found = pieces(Mistake("word " * 500), KIND)
    assert found[0].text.startswith("word word") and found[-1].kind == "gap" and len(found[0].text) <= MOST


def test_a_word_without_end_is_cut():
    found = pieces(marked("a" * 5000 + " bad", {"bad": 1.0, "a" * 5000: 2.0}), KIND)
    assert max(len(piece.text) for piece in found) <= 130


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["a", "bad", "averylongword" * 3, "! ", "\n", "日本語"]), max_size=400), st.integers(0, 99)
)
def test_parts_are_in_order_and_of_the_text(words, seed):
    text = " ".join(words)
    spans = token_spans(text)
    marks = tuple(Mark(*span, float((seed * 7 + at * 13) % 11 - 5)) for at, span in enumerate(spans))
    parts = shown(text, marks)
    ends = [end for part in parts for end in part]
    assert ends == sorted(ends) and all(0 <= end <= len(text) for end in ends)
    assert sum(stop - start for start, stop in parts) <= MOST + 60
    said = [piece.text for piece in pieces(Mistake(text, marks), KIND) if piece.kind != "gap"]
    assert all(piece in text or piece.endswith("…") for piece in said)


def test_notes_are_shown_and_not_counted_as_words():
    mistake = Mistake("Rome wins", (Mark(0, 4, 1.0, "B-LOC, not O"),))
    assert [(piece.text, piece.kind, piece.note) for piece in pieces(mistake, KIND)] == [
        ("Rome", "noted", "B-LOC, not O"),
        (" wins", "", ""),
    ]
    assert strongest_words(mistake, 1) == []


def test_the_strongest_words_are_added_up_by_side():
    mistake = marked("bad plot, bad end, fine", {"bad": 0.4, "plot": 0.1, "end": 0.001, "fine": -0.7})
    assert strongest_words(mistake, 1) == [("bad", pytest.approx(0.8)), ("plot", pytest.approx(0.1))]
    assert strongest_words(mistake, -1) == [("fine", pytest.approx(0.7))]


def test_of_many_strong_words_the_strongest_are_shown():
    text = " ".join(f"word{number} " + "filler " * 40 for number in range(50))
    values = {f"word{number}": float(number % 7 + number / 100) for number in range(50)}
    found = pieces(marked(text, values), KIND)
    assert sum(len(piece.text) for piece in found if piece.kind != "gap") <= MOST
    assert {piece.text for piece in found if piece.part > 0.9} == {"word48", "word41"}
