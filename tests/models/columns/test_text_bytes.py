"""Bytes of a text hold its tokens, as compiled code finds them, and take memory as the text does."""

from __future__ import annotations

import tracemalloc
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mt2st.models.columns import text_bytes as module
from mt2st.models.columns.numbering import number_anew
from mt2st.models.columns.text_bytes import text_bytes
from mt2st.text.tokenizer import tokenize

# Marks, what may stand before one, separators beyond ASCII, and letters whose small form goes by their neighbours.
SIGNS = (
    " \n\u3000\u3001\u0301\u0307\u093e\u0e31\u20dd'\u2019-:;=dpo/()_!a9é日か\u3099ก่²«“—😀🏽❤\ufe0fΣ\u03c3İ\u00b7\ud800"
)
texts = st.text(st.sampled_from(SIGNS) | st.characters(), max_size=12)


def compiled(text):
    """Return the tokens that compiled code finds."""
    ids, words = number_anew([text])
    return [words[number] for number in ids.ids]


@settings(max_examples=2000)
@given(texts, st.integers(1, 6))
@example(":d\u0301a :'d\u0301 ;-p\u0301 ='-o\u0301x d\u0301", 100)
@example("\u0301a _\u0301 a'\u0301b a\u0301'b «\u0301c", 100)
@example("a\u03a3 b\u03a3\u3001c", 1)
def test_compiled_code_finds_the_tokens_of_any_text(text, piece):
    with mock.patch.object(module, "PIECE", piece):
        assert compiled(text) == tokenize(text)


@pytest.mark.parametrize("mark", ["\u0301", "\u0307", "\u093e", "\u20dd"])
@pytest.mark.parametrize("before", ["", " ", "a", "é", "'", "_", ":d", ":-p", ":'o", "='-d", ":x", "!", "«", ":)"])
def test_a_mark_belongs_to_the_letter_before_it(before, mark):
    text = f"{before}{mark}b"
    assert compiled(text) == tokenize(text)


@pytest.mark.parametrize("text", ["don'日 日'b", ":d日 :-p😀 :dé", "日\u0301b 😀\u0307c é\u0301d", "a日b😀c日日"])
def test_characters_that_are_tokens_end_words_marks_and_mouths(text):
    assert compiled(text) == tokenize(text)


def test_every_character_of_unicode_separates_or_not_as_it_does_for_words():
    text = " ".join(f"a{chr(code)}b {chr(code)}" for code in range(0x110000))
    assert compiled(text) == tokenize(text)


def test_one_letter_beyond_ascii_costs_little_memory():
    text = "é" + "a good film. " * 500_000
    tracemalloc.start()
    try:
        text_bytes(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(text)
