import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import read_examples

FORM = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Z"], blacklist_characters="\ufeff"), min_size=1, max_size=5
)


def token(number, form, misc="_"):
    return f"{number}\t{form}" + "\t_" * 7 + f"\t{misc}\n"


GOOD = token(1, "Good") + "\n"


@given(st.lists(st.lists(st.tuples(FORM, st.booleans()), min_size=1, max_size=5), min_size=1, max_size=3))
def test_forms_are_joined_as_the_tokens_say(write, sentences):
    content, texts = "", []
    for sentence in sentences:
        rows = enumerate(sentence, start=1)
        content += "".join(token(at, form, "_" if space else "A=b|SpaceAfter=No") for at, (form, space) in rows) + "\n"
        texts.append("".join(form + " " * space for form, space in sentence).rstrip(" "))
    assert read_examples(write("a.conllu", content)).texts == texts


def test_ranges_and_empty_nodes(write):
    rows = [
        token("1-2", "Vámonos", "SpaceAfter=No"),
        token(1, "Vamos"),
        token(2, "nos"),
        token(3, ",", "SpaceAfter=No"),
        token("3.1", "ghost"),
        token("4-5", "al"),
        token(4, "a", "SpaceAfter=No"),
        token(5, "el"),
        token(6, "mar"),
    ]
    assert read_examples(write("a.conllu", "".join(rows) + "\n")).texts == ["Vámonos,al mar"]


def test_only_the_whole_note_means_no_space(write):
    rows = token(1, "a", "XSpaceAfter=No") + token(2, "b", "SpaceAfter=Not") + token(3, "c")
    assert read_examples(write("a.conllu", rows)).texts == ["a b c"]


def test_the_text_comment_goes_before_the_forms(write):
    read = read_examples(
        write("a.conllu", "# sent_id = 1\n# text_en = no\n# text = Go = on.\n" + GOOD + "# text =\n" + GOOD)
    )
    assert read.texts == ["Go = on.", "Good"]
    assert [example.line for example in read] == [1, 6]


def test_documents(write):
    content = GOOD + "# newdoc id = a b\n" + GOOD + GOOD + "# newdoc\n" + GOOD
    read = read_examples(write("a.conllu", content))
    assert [example.document for example in read] == [None, "a b", "a b", "2"]


def test_a_document_begins_even_with_a_bad_sentence(write):
    read = read_examples(write("a.conllu", "# newdoc id = a\nbad\n\n" + GOOD), on_bad_rows="skip")
    assert [example.document for example in read] == ["a"]


def test_labels_from_a_comment(write, refuse_row):
    content = "# sentiment = pos\n" + GOOD + "# text = x\n# sentiment =  neg\n" + GOOD
    read = read_examples(write("a.conllu", content), label_column="sentiment")
    assert [(e.label, e.line, e.column) for e in read] == [("pos", 1, 15), ("neg", 4, None)]
    assert read_examples(write("a.conllu", content)).labels == [None, None]
    refuse_row("a.conllu", content + GOOD, "8:1", "missing label", "fill it in", label_column="sentiment")
    unknown = content + "# text = y\n# sentiment = nge\n" + GOOD
    words = ("did you mean 'neg'",)
    refuse_row("a.conllu", unknown, "9:15", "unknown label", *words, label_column="sentiment", labels=["pos", "neg"])


@pytest.mark.parametrize(
    ("bad", "place", "reason", "words"),
    [
        ("1\tBad\t_\n", "4:8", "wrong column count", ("10 columns expected, 3 found", "_ where one has no value")),
        (token(1, "Bad", "_\t_"), "4:23", "wrong column count", ("10 columns expected, 11 found",)),
        (token("x", "Bad"), "4:1", "bad token number", ("'x'", "1-2 for a range")),
        ("# only = comments\n", "4:1", "empty text", ("fill it in",)),
    ],
)
def test_bad_sentences(refuse_row, bad, place, reason, words):
    content = GOOD + "\n" + bad + "\n" + GOOD
    assert refuse_row("a.conllu", content, place, reason, *words).texts == ["Good", "Good"]


def test_comments_have_names(write):
    with pytest.raises(DataError, match="a CoNLL-U comment, not a number"):
        read_examples(write("a.conllu", GOOD), label_column=1)
    with pytest.raises(DataError, match="text_column='text': the conllu format has no such column"):
        read_examples(write("a.conllu", GOOD), text_column="text")
