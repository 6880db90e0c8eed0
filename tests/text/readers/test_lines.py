from hypothesis import given
from hypothesis import strategies as st

from mt2st.text import read_examples

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r\0\ufeff"), max_size=12)


@given(st.lists(TEXT, min_size=1, max_size=6).filter(lambda texts: any(text.strip() for text in texts)))
def test_round_trip_without_blank_lines(write, texts):
    read = read_examples(write("a", "".join(text + "\n" for text in texts)), format="lines")
    kept = [(text, number) for number, text in enumerate(texts, start=1) if text.strip()]
    assert [(example.text, example.line) for example in read] == kept
    assert read.skipped == {}
    assert set(read.labels) == {None}
