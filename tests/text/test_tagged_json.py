"""JSON lines of tagged sentences, as Hugging Face's datasets export them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st import TokenTagger
from mt2st.errors import DataError
from mt2st.text import read_examples
from mt2st.text.rows import Rows
from mt2st.text.tagged import read_tagged

WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=5)
TAGS = st.sampled_from(["O", "B-PER", None])


@given(st.lists(st.lists(st.tuples(WORDS, TAGS), min_size=1, max_size=4), min_size=1, max_size=4))
def test_round_trip(write, sentences):
    sentences = [[("a", "O")], *sentences]
    lines = [json.dumps(dict(zip(("tokens", "tags"), zip(*each, strict=True), strict=True))) for each in sentences]
    found = read_tagged(write("a.jsonl", "\n\n".join(lines)))
    assert [list(zip(each.tokens, each.tags, strict=True)) for each in found] == sentences
    assert [each.lines for each in found] == [[2 * at + 1] * len(each) for at, each in enumerate(sentences)]


@pytest.mark.parametrize(
    "keys", [("words", "ner_tags"), ("tokens", "pos_tags"), ("tokens", "upos"), ("words", "labels")]
)
def test_usual_keys_are_found(write, keys):
    line = json.dumps({"id": "7", keys[0]: ["Anna", "New York"], keys[1]: ["B-PER", "_"]})
    for name, how in (("a.jsonl", "auto"), ("a.json", "jsonl")):
        (found,) = read_tagged(write(name, line), format=how)
        assert (found.tokens, found.tags, found.text) == (["Anna", "New York"], ["B-PER", None], "Anna New York")


def test_keys_by_name(write):
    path = write("a.jsonl", '{"tokens": ["a"], "tags": ["O"], "form": ["b"], "chunks": ["B-NP"]}')
    assert read_tagged(path)[0].tokens == ["a"]
    (found,) = read_tagged(path, token_column="form", tag_column="chunks")
    assert (found.tokens, found.tags) == (["b"], ["B-NP"])


GOOD = '{"tokens": ["a"], "tags": ["O"]}\n'
BAD = [
    ("{", 2, "not JSON"),
    ('{"text": "a", "tags": ["O"]}', 2, "no key 'tokens': name it by text_column=, or add the key; known: text, tags"),
    (
        '{"tokens": ["a"], "tag": ["O"]}',
        2,
        "no key 'tags': name it by label_column=, or add the key; did you mean 'tag'",
    ),
    ('{"tokens": "a", "tags": ["O"]}', "2:12", "'tokens' must be a list of strings, str found"),
    ('{"tokens": ["a"], "tags": [3]}', "2:27", "'tags' must hold strings, 3 found: write names, not the numbers"),
    ('{"tokens": ["a", "b"], "tags": ["O"]}', 2, "2 tokens and 1 tags: give each token a tag, null where"),
    ('{"tokens": [], "tags": []}', 2, "a sentence without tokens: remove the line"),
    ('{"tokens": ["a", " "], "tags": ["O", "O"]}', 2, "a token is empty"),
    ('{"tokens": [null], "tags": ["O"]}', 2, "a token is empty"),
    ('{"tokens": ["a\\ud800"], "tags": ["O"]}', "2:12", "half a surrogate pair"),
    ('{"tokens": ["a"], "tags": ["B PER"]}', "2:29", "holds a space, which no tag does"),
]


@pytest.mark.parametrize(("line", "place", "message"), BAD)
def test_what_cannot_be_read_is_named_with_its_place(write, line, place, message):
    path = write("a.jsonl", GOOD + line)
    with pytest.raises(DataError, match=message) as error:
        read_tagged(path)
    assert f"a.jsonl:{place}:" in str(error.value)
    rows = Rows(str(path), skip=True)
    assert len(read_tagged(path, rows=rows)) == 1 and sum(rows.skipped.values()) == 1


def test_keys_are_no_numbers(write):
    with pytest.raises(DataError, match="label_column=2: the keys of JSON lines are names, not numbers"):
        read_tagged(write("a.jsonl", GOOD), tag_column=2)


def test_a_tagger_learns_from_json_lines_what_it_learns_from_columns(write):
    sentences = [["the", "dog", "runs"], ["a", "cat", "sleeps"]] * 10
    tags = ["DET", "NOUN", "VERB"]
    lines = "\n".join(json.dumps({"words": each, "upos": tags}) for each in sentences)
    columns = "\n".join("".join(f"{a}\t{b}\n" for a, b in zip(each, tags, strict=True)) for each in sentences)
    how = {"vector_size": 8, "hidden_size": 8}
    one, two = (TokenTagger(**how).fit(str(write(*each))) for each in (("a.jsonl", lines), ("a.conll", columns)))
    both = [each.predict_proba([["a", "dog", "sleeps"]])[0].tolist() for each in (one, two)]
    assert both[0] == both[1]


def test_tagged_sentences_read_as_texts_are_told_of_the_kind(write):
    with pytest.raises(
        DataError, match="or add the key; lists of tokens and tags are read by the kind tagging \\(kind="
    ):
        read_examples(write("a.jsonl", GOOD))
    with pytest.raises(DataError, match=r"or add the key$"):
        read_examples(write("a.jsonl", '{"a": "b", "c": "d"}'))
