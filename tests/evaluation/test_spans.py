"""Spans against seqeval: its own published cases (1.2.2, tests/test_metrics.py, test_scheme.py), and random tags."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.evaluation import find_spans

# tests/test_scheme.py of seqeval 1.2.2: test_iob1_tokens, test_iob2_tokens and test_iobes_tokens.
PUBLISHED = [
    ("iob1", "B-PER", []),
    ("iob1", "I-PER", [("PER", 0, 1)]),
    ("iob1", "O B-PER", []),
    ("iob1", "I-PER I-ORG", [("PER", 0, 1), ("ORG", 1, 2)]),
    ("iob1", "I-PER B-PER", [("PER", 0, 1), ("PER", 1, 2)]),
    ("iob1", "I-PER B-ORG", [("PER", 0, 1)]),
    ("iob1", "B-PER I-PER", [("PER", 1, 2)]),
    ("iob1", "B-PER I-ORG", [("ORG", 1, 2)]),
    ("iob1", "B-PER B-PER", [("PER", 1, 2)]),
    ("iob1", "B-PER B-ORG", []),
    ("iob1", "I B", [("_", 0, 1), ("_", 1, 2)]),
    ("bio", "I-PER I-PER", []),
    ("bio", "I-PER B-PER", [("PER", 1, 2)]),
    ("bio", "B-PER I-PER", [("PER", 0, 2)]),
    ("bio", "B-PER I-ORG", [("PER", 0, 1)]),
    ("bio", "B-PER B-PER", [("PER", 0, 1), ("PER", 1, 2)]),
    ("bioes", "O", []),
    ("bioes", "B-PER", []),
    ("bioes", "S-PER", [("PER", 0, 1)]),
    ("bioes", "B-PER E-PER", [("PER", 0, 2)]),
    ("bioes", "B-PER I-PER E-PER", [("PER", 0, 3)]),
    ("bioes", "B-PER I-PER O", []),
    ("bioes", "B-PER E-ORG", []),
    ("bioes", "S-PER S-PER", [("PER", 0, 1), ("PER", 1, 2)]),
    (None, "O O O B-MISC I-MISC I-MISC O B-PER I-PER", [("MISC", 3, 6), ("PER", 7, 9)]),
    (None, "I-ORG I-ORG", [("ORG", 0, 2)]),
    (None, "", []),
]


@pytest.mark.parametrize(("scheme", "tags", "spans"), PUBLISHED)
def test_seqevals_own_cases(scheme, tags, spans):
    assert find_spans(tags.split(), scheme) == spans


# By prefix; two types of which one has a hyphen, and none.
def sentences(prefixes):
    kinds = ["-PER", "-work-of", ""]
    tags = ["O"] + [prefix + kind for prefix in prefixes for kind in kinds]
    return st.lists(st.sampled_from(tags), max_size=9)


@settings(max_examples=400)
@given(tags=sentences("BIES"))
def test_lenient_agrees_with_seqeval_on_random_tags(tags):
    metrics = pytest.importorskip("seqeval.metrics.sequence_labeling")
    assert find_spans(tags) == [(kind, first, last + 1) for kind, first, last in metrics.get_entities(tags)]


@pytest.mark.parametrize(
    ("scheme", "theirs", "prefixes"),
    [("bio", "IOB2", "BI"), ("iob1", "IOB1", "BI"), ("bioes", "IOBES", "BIES"), ("bilou", "BILOU", "BILU")],
)
@settings(max_examples=400)
@given(data=st.data())
def test_strict_agrees_with_seqeval_on_random_tags(scheme, theirs, prefixes, data):
    seqeval = pytest.importorskip("seqeval.scheme")
    tags = data.draw(sentences(prefixes))
    found = seqeval.Tokens(tags, getattr(seqeval, theirs)).entities
    assert find_spans(tags, scheme) == [entity.to_tuple()[1:] for entity in found]


def test_bilou_is_bioes_by_other_letters_read_leniently_too():
    assert find_spans(["B-a", "I-a", "L-a", "I-a", "U-a", "I-a"]) == [
        ("a", 0, 3),
        ("a", 3, 4),
        ("a", 4, 5),
        ("a", 5, 6),
    ]


def test_io_cannot_part_neighbours_of_one_type():
    assert find_spans(["I-a", "I-a", "I-b", "O", "I-a"], "io") == [("a", 0, 2), ("b", 2, 3), ("a", 4, 5)]


@pytest.mark.parametrize("scheme", [None, "bio"])
@pytest.mark.parametrize("tag", ["NOUN", None, 3])
def test_part_of_speech_tags_and_what_is_none_are_no_spans(scheme, tag):
    with pytest.raises(DataError, match=f"{tag!r} is not a tag of a span"):
        find_spans(["O", tag], scheme)
