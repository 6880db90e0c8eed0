from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.datasets.wikitext import plain_lines


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("plain", ["plain"]),
        ("''it'' '''bold''' '''''both'''''", ["it bold both"]),
        ("[[A]], [[B (x)|b]], [[c]]s, [[:Category:D]]", ["A, b, cs, Category:D"]),
        ("see [http://a.b/c the page] or [//a.b].", ["see the page or ."]),
        ("a{{x|{{y|1}}|z={{w}}}}b", ["ab"]),
        ("a {{never closed b", ["a {{never closed b"]),
        ("a<ref name=n/> b<ref>c [[d]]</ref>.", ["a b."]),
        ("x <math>a<b</math>y<!-- z\n -->!", ["x y!"]),
        ("a<br/>b <small>c</small> 1 < 2", ["a b c 1 < 2"]),
        ("AT&amp;T&nbsp;&mdash; ok", ["AT&T — ok"]),
        ("[[File:A.jpg|thumb|of [[x|y]] and [http://a b]]]\nrest", ["rest"]),
        ("[[Category:People]]\n[[de:Leute]]\n[[zh-min-nan:x]]", []),
        ("= x\n== H ==\n* a\n** b\n# c\n: d\n__NOTOC__", ["= x", "a", "b", "c", "d"]),
        ("{|\n| a\n{|\n| b\n|}\n|}\nend", ["end"]),
        ("Greece (; ) is (, )big ().", ["Greece is big."]),
        ("[http://a [http://b c]", ["[http://a c"]),
    ],
)
def test_markup_goes_and_words_stay(markup: str, lines: list[str]) -> None:
    assert plain_lines(markup) == lines


@given(st.text(st.sampled_from("ab []{}|<>/'=\n*!ref:-&;")))
def test_any_markup_gives_clean_lines(markup: str) -> None:
    for line in plain_lines(markup):
        assert line
        assert line == " ".join(line.split())
