import re

import pytest

from mt2st.errors import DataError
from mt2st.text import Features
from mt2st.training.further.tagging import BUCKETS, encode_tagged

NAMES = "Anna\tB-PER\nSmith\tI-PER\nran\tO\n\nParis\tB-LOC\n!\t_\n\nHeld\tO\nout\tO\n"


def test_sentences_become_word_class_and_surface_numbers(read, features_of):
    found, left_out, skipped = read("tagging", "a.conll", NAMES, held_out={"held out"})
    assert (left_out, skipped) == (1, {})
    assert list(found.token_lists()) == [["anna", "smith", "ran"], ["paris", "!"]]
    features, data = features_of(found), None
    data = found.encode(features)
    assert data.classes == ("B-LOC", "B-PER", "I-PER", "O") and data.scheme == "bio"
    assert [data.tags_of(k) for k in range(2)] == [["B-PER", "I-PER", "O"], ["B-LOC", None]]
    assert [features.words.words[k] for k in data.rows.row(0)] == ["anna", "smith", "ran"]
    assert data.surface.shape == (5, 4) and data.buckets == BUCKETS
    assert data.counts.tolist() == [3, 1]


def test_a_word_without_a_row_keeps_its_place(read):
    found, _, _ = read("tagging", "a.conll", NAMES)
    known = Features.build([["ran", "paris"]] * 2, pairs=False)
    data = encode_tagged(found.sentences, known, ("B-LOC", "O"), None)
    assert data.rows.row(0).tolist() == [-1, -1, known.words.get("ran")]
    assert data.tags_of(0) == [None, None, "O"], "a class that training lacks is as one not known"


@pytest.mark.parametrize(
    ("content", "scheme"),
    [
        ("a\tNOUN\nb\tVERB\n", None),
        ("a\tB-x\nb\tI-x\n\nc\tO\n", "bio"),
        ("a\tI-x\nb\tB-x\n\nc\tO\n", "iob1"),
        ("a\tB-x\nb\tE-x\n\nc\tS-x\n", "bioes"),
        ("a\tI-x\nb\tI-y\n", "io"),
        ("a\t_\nb\tI-x\n\nc\tB-x\nd\tI-x\n", "bio"),
        ("a\t_\nb\tI-x\n\nc\t_\nd\tB-x\n", "bio"),
    ],
)
def test_the_scheme_is_found(read, features_of, content, scheme):
    found, _, _ = read("tagging", "a.conll", content)
    assert found.encode(features_of(found)).scheme == scheme


BROKEN = "Anna\tB-PER\n\nBob\tB-PER\nSmith\tI-PER\n\nthe\tO\nParis\tI-LOC\n"


def test_a_tag_that_the_scheme_forbids_is_named_with_its_line(read):
    message = re.escape(
        "a.conll:7:1: 'I-LOC' cannot follow 'O' in the scheme bio: correct the tag, leave such sentences out"
    )
    with pytest.raises(DataError, match=message):
        read("tagging", "a.conll", BROKEN, crf=True)
    found, _, skipped = read("tagging", "a.conll", BROKEN, skip=True, crf=True)
    assert len(found.sentences) == 2 and skipped == {"bad tag": 1}
    assert read("tagging", "a.conll", BROKEN, crf=True, scheme="none")[0].scheme is None
    assert len(read("tagging", "a.conll", BROKEN)[0].sentences) == 3, "softmax does not mind"


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a\tB-x\nb\tO\n", {"scheme": "bioes"}, "a.conll:2:1: 'O' cannot follow 'B-x' in the scheme bioes"),
        ("a\tO\n\nb\tB-x\n", {"scheme": "bioes"}, "a.conll:3:1: the end of the sentence cannot follow 'B-x'"),
        ("a\tI-x\nb\tO\n", {"scheme": "bio"}, "a.conll:1:1: 'I-x' cannot follow the begin of a sentence"),
        ("a\t_\nb\tO\nc\tI-x\n", {"scheme": "bio"}, "a.conll:3:1: 'I-x' cannot follow 'O'"),
        ("a\tB-x\nb\tO\n\nc\tB-x\n\nd\tO\ne\tE-x\n", {}, "a.conll:7:1: 'E-x' is not a tag of the scheme bio"),
        ("a\tNOUN\nb\tO\n", {"scheme": "bio"}, "'NOUN' is not a tag of a span.*or set scheme = 'none'"),
        ("a\tO\nb\tO\n", {}, "a.conll: tags of two kinds or more are needed, found O: see label_column"),
    ],
)
def test_what_people_bring_is_answered(read, content, options, message):
    with pytest.raises(DataError, match=message):
        read("tagging", "a.conll", content, **options)


def test_a_named_set_has_no_tags():
    from mt2st.text.rows import Rows
    from mt2st.training.further import read_further
    from mt2st.training.settings import Auxiliary

    with pytest.raises(DataError, match="the data set 'film' has no tagged sentences: give a CoNLL-U file"):
        read_further(Auxiliary(kind="tagging", data="film"), Rows("film"), set())
