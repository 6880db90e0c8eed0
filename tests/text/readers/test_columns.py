import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.text import read_examples

FORM = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Z"], blacklist_characters="\ufeff"), min_size=1, max_size=5
)


@given(st.lists(st.lists(FORM, min_size=1, max_size=4), min_size=1, max_size=4), st.sampled_from(["\t", " ", "   "]))
def test_round_trip(write, sentences, separator):
    blocks = ["".join(f"{form}{separator}O\n" for form in sentence) for sentence in sentences]
    read = read_examples(write("a.conll", "\n".join(blocks)))
    assert read.texts == [" ".join(sentence) for sentence in sentences]
    assert [e.line for e in read] == [1 + sum(len(s) + 1 for s in sentences[:at]) for at in range(len(sentences))]


def test_documents(write):
    content = "Intro NN O\n\n-DOCSTART- -X- O\n\nEU NNP B-ORG\nrejects VBZ O\n\nGo VB O\n-DOCSTART-\nEnd NN O\n"
    read = read_examples(write("a.conll", content))
    assert [(e.text, e.document, e.line) for e in read] == [
        ("Intro", None, 1),
        ("EU rejects", "1", 5),
        ("Go", "1", 8),
        ("End", "2", 10),
    ]


def test_tokens_of_a_tabbed_file_may_hold_spaces_and_number_signs(write):
    assert read_examples(write("a.bio", "# 1\tO\n1 000\tO\n")).texts == ["# 1 1 000"]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("# id one\na B-P B-X\nb O O\n\n# id two\nc O O\n", ["a b", "c"]),  # as wide as a token's line
        ("# id 7f\tdomain=en\nEU _ _ B-X\nsays _ _ O\n", ["EU says"]),  # MultiCoNER
        ("-DOCSTART- O\n\n# page 4\n# a whole new one\na O\n# O\n", ["a #"]),
        ("# sent 1\na\tO\n", ["a"]),
        ("# O\na O\n\n# O\n", ["# a", "#"]),  # a token where it is laid out as one
        ("# id 7f\n\na O\n", ["a"]),
    ],
)
def test_comments_before_a_sentence_are_no_tokens(write, content, texts):
    assert read_examples(write("a.conll", content)).texts == texts


def test_spaces_at_the_end_of_a_line_are_no_column(write):
    assert read_examples(write("a.conll", "One O \ntwo O\n")).texts == ["One two"]


def test_a_header_is_no_text(write):
    assert read_examples(write("a.conll", "token\ttag\nOne\tO\n")).texts == ["One"]


def test_tokens_alone(write):
    assert read_examples(write("a.iob2", "One\ntwo\n\nthree\n")).texts == ["One two", "three"]


@pytest.mark.parametrize(
    ("content", "place", "reason", "words"),
    [
        ("EU\tB-ORG\n\nGo\tO\nBad\n\nOn\tO\n", "4:4", "wrong column count", ("2 columns expected, 1 found", "token")),
        ("EU\tO\n\nGo\tO\nBad\tX\tO\n\nOn\tO\n", "4:7", "wrong column count", ("2 columns expected, 3 found",)),
        ("EU  O\n\nBad  X O\n\nOn O\n", "3:8", "wrong column count", ("2 columns expected, 3 found",)),
        ("EU\tO\n\nGo\tO\n\tO\n\nOn\tO\n", "4:1", "empty token", ("the first column is empty", "fill in the token")),
    ],
)
def test_bad_sentences(refuse_row, content, place, reason, words):
    assert refuse_row("a.conll", content, place, reason, *words).texts == ["EU", "On"]
