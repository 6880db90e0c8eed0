"""Tagged tokens: what people bring, and what they are told of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text.rows import Rows
from mt2st.text.tagged import read_tagged

FORM = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Z"], blacklist_characters="\ufeff"), min_size=1, max_size=5
)
TAG = st.sampled_from(["O", "B-PER", "I-PER", "_"])


def word(number, form, upos="X", xpos="Y"):
    return f"{number}\t{form}\t_\t{upos}\t{xpos}\t_\t0\troot\t_\t_\n"


@given(st.lists(st.lists(st.tuples(FORM, TAG), min_size=1, max_size=4), min_size=1, max_size=4), st.sampled_from("\t "))
def test_round_trip_of_columns(write, sentences, separator):
    if not any(tag != "_" for sentence in sentences for _, tag in sentence):
        sentences = [[("a", "O")], *sentences]
    blocks = ["".join(f"{form}{separator}{tag}\n" for form, tag in sentence) for sentence in sentences]
    found = read_tagged(write("a.conll", "\n".join(blocks)))
    assert [list(zip(each.tokens, each.tags, strict=True)) for each in found] == [
        [(form, None if tag == "_" else tag) for form, tag in sentence] for sentence in sentences
    ]


def test_first_and_last_column_by_default_or_as_numbered(write):
    path = write("a.bio", "-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n")
    assert [(each.tokens, each.tags, each.lines) for each in read_tagged(path)] == [
        (["EU", "rejects"], ["B-ORG", "O"], [3, 4])
    ]
    assert read_tagged(path, tag_column=2)[0].tags == ["NNP", "VBZ"]
    assert read_tagged(path, token_column="2", tag_column="3")[0].tokens == ["NNP", "VBZ"]


@pytest.mark.parametrize("name", ["a.conll", "a.txt", "a.tsv", "a.data", "a.ner"])
def test_any_extension_but_that_of_conllu_is_columns(write, name):
    assert read_tagged(write(name, "Anna\tB-PER\n"))[0].tags == ["B-PER"]


@pytest.mark.parametrize("header", ["token\ttag\n", "Word\tPOS\n\n", "\n Tokens \tNER\t\n", "form\tlabels\r\n"])
def test_a_header_is_no_sentence(write, header):
    found = read_tagged(write("a.conll", f"{header}Anna\tB-PER\nran\tO\n"))
    assert [(each.tokens, each.tags) for each in found] == [(["Anna", "ran"], ["B-PER", "O"])]


@pytest.mark.parametrize("first", ["token NOUN", "Word O", "Label tag"])
def test_a_word_that_may_stand_in_a_header_is_a_token(write, first):
    assert read_tagged(write("a.conll", f"{first}\nends VERB\n"))[0].tokens == [first.split()[0], "ends"]


def test_columns_by_the_names_of_a_header(write):
    path = write("a.tsv", "TOKEN\tNE-COARSE\tMISC\nAnna\tB-pers\t_\n")
    assert read_tagged(path, tag_column="ne-coarse")[0].tags == ["B-pers"]
    usual = write("a.tsv", "pos\tword\tner\nNNP\tAnna\tB-PER\n")
    assert read_tagged(usual, token_column="word", tag_column="pos")[0].tokens == ["Anna"]
    with pytest.raises(DataError, match="label_column='nre' is the name of no column; did you mean 'ner'"):
        read_tagged(write("a.tsv", "word\tner\nAnna\tO\n"), tag_column="nre")


@pytest.mark.parametrize("end", ["\t", "\t\t", "\t ", " "])
def test_separators_at_the_end_of_lines_make_no_column(write, end):
    for ends in ((end, end), ("", end)):
        content = "Anna\tNNP\tB-PER{}\nran\tVBD\tO{}\n".format(*ends)
        assert read_tagged(write("a.conll", content))[0].tags == ["B-PER", "O"]
    [sentence] = read_tagged(write("a.conllu", word(1, "Go", "VERB").replace("\n", f"{end}\n")))
    assert sentence.tags == ["VERB"]


def test_a_last_column_that_begins_empty_is_that_of_the_tags(write):
    found = read_tagged(write("a.conll", "Anna\tNNP\t\n\nran\tVBD\tO\n"))
    assert [each.tags for each in found] == [[None], ["O"]]


def test_conllu_words_with_upos_or_the_column_named(write):
    text = "# text = Vámonos al mar\n"
    rows = ["1-2\tVámonos" + "\t_" * 8 + "\n", word(1, "Vamos", "VERB", "V"), word(2, "nos", "PRON", "P")]
    rows += ["2.1\tghost" + "\t_" * 8 + "\n", word(3, "al", "_", "S")]
    path = write("a.conllu", text + "".join(rows))
    [sentence] = read_tagged(path)
    assert (sentence.tokens, sentence.tags) == (["Vamos", "nos", "al"], ["VERB", "PRON", None])
    assert (sentence.text, sentence.lines) == ("Vámonos al mar", [3, 4, 6])
    assert read_tagged(path, tag_column="xpos")[0].tags == read_tagged(path, tag_column=5)[0].tags == ["V", "P", "S"]


BAD = [
    ("a.conll", "Anna B-PER\nran\n", ":2:4: ", "2 columns expected, 1 found"),
    ("a.conll", "Anna\nran\n", ":1:1: ", "one column, and no place for tags: part token and tag by a tab or a space"),
    ("a.conll", "Anna\tB-PER\n\tO\n", ":2:1: ", "the first column is empty: fill in the token"),
    ("a.conll", "Anna\t_\nran\t\n", ": ", "1 sentence and no tag: name the column"),
    ("a.conll", b"Anna\tO\ncaf\xe9\tO\n", ":2:4: ", "the byte 0xe9 is not UTF-8"),
    (
        "a.tsv",
        "pos\ta fine film\nneg\tdull\n",
        ":1:5: ",
        "the tag 'a fine film' holds a space",
    ),
    ("a.conllu", "1\tGo\tVERB\n", ":1:10: ", "10 columns expected, 3 found"),
    ("a.conllu", word("x", "Go"), ":1:1: ", "the token's number is 'x'"),
    ("a.conllu", "# only\n# comments\n\n", ":1:1: ", "a sentence without words: remove its comments"),
]


@pytest.mark.parametrize(("name", "content", "place", "message"), BAD)
def test_what_cannot_be_read_is_named_with_its_place(write, name, content, place, message):
    path = write(name, content)
    with pytest.raises(DataError) as caught:
        read_tagged(path)
    assert str(caught.value).startswith(f"{path}{place}{message}"), str(caught.value)


@pytest.mark.parametrize(
    ("content", "tag_column"),
    [
        (word(1, "Go", "VERB") + word(2, "!", "PUNCT"), 4),
        (word("1-2", "du", "_") + word(1, "de", "ADP") + word(2, "le", "DET") + "\n" + word(1, "Go"), 4),
        ("1\tAnna\tB-PER\n2\tran\tO\n", 3),
    ],
)
def test_numbers_of_tokens_are_not_taken_for_tokens(write, content, tag_column):
    path = write("a.conll", content)
    with pytest.raises(DataError, match=f"^{path}: the first column numbers the tokens: set format to conllu if"):
        read_tagged(path)
    assert read_tagged(path, token_column=2, tag_column=tag_column)[0].tokens[-1] in ("!", "le", "ran")


@pytest.mark.parametrize("content", ["1 NUM\n\n1 NUM\n", "1 NUM\n2 NUM\n\n3 NUM\n", "1 NUM\n. PUNCT\nAnna PROPN\n"])
def test_numbers_that_do_not_count_are_tokens(write, content):
    assert read_tagged(write("a.conll", content))[0].tokens[0] == "1"


def test_bad_sentences_are_counted_and_left_out_where_asked(write):
    rows = Rows(str(write("a.conll", "a O\n\nb O X\n\nc O\nd\n\ne O\n")), skip=True)
    assert [each.tokens for each in read_tagged(rows.path, rows=rows)] == [["a"], ["e"]]
    assert rows.skipped == {"wrong column count": 2}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "tsv"}, "format='tsv' does not hold tagged tokens; known: conllu, columns, jsonl"),
        (
            {"tag_column": "ner"},
            "label_column='ner' is the name of no column: no header, pass a number from 1",
        ),
        ({"tag_column": 3}, "column 3 of 2: columns count from 1"),
        ({"tag_column": 0}, "column 0 of 2: columns count from 1"),
        ({"token_column": "0"}, "column 0 of 2: columns count from 1"),
        ({"token_column": 0}, "column 0 of 2: columns count from 1"),
    ],
)
def test_wishes_that_columns_cannot_fulfil(write, options, message):
    path = write("a.conll", "Anna O\n")
    with pytest.raises(DataError, match=f"^{path}: {message}$"):
        read_tagged(path, **options)


def test_a_column_that_conllu_lacks_names_the_nearest(write):
    path = write("a.conllu", word(1, "Go"))
    with pytest.raises(DataError, match="CoNLL-U has no column 'upso'; did you mean 'upos'"):
        read_tagged(path, tag_column="upso")
    with pytest.raises(DataError, match="column 11 of 10"):
        read_tagged(path, tag_column=11)
    for which in ("token_column", "tag_column"):
        with pytest.raises(DataError, match="column 0 of 10: columns count from 1"):
            read_tagged(path, **{which: 0})


def test_real_files(shared_data):
    found = read_tagged(shared_data / "wnut17" / "dev.conll.xz")
    assert len(found) == 1009 and sum(len(each.tokens) for each in found) == 15733
    assert sum(tag.startswith("B-") for each in found for tag in each.tags) == 835
    ewt = read_tagged(shared_data / "ud_english_ewt" / "dev.conllu.xz")
    assert len(ewt) == 2001 and len({tag for each in ewt for tag in each.tags}) == 17
