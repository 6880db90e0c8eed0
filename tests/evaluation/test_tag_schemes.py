from itertools import product

import pytest

from mt2st.errors import DataError
from mt2st.evaluation import SCHEMES, detect_scheme, find_scheme
from mt2st.evaluation.tag_faults import find_fault, find_stray
from mt2st.evaluation.tag_schemes import parse_tag

TAGS = {
    "bio": "O B-a I-a B-b I-b",
    "iob1": "O B-a I-a B-b I-b",
    "io": "O I-a I-b",
    "bioes": "O B-a I-a E-a S-a B-b I-b E-b S-b",
    "bilou": "O B-a I-a L-a U-a B-b I-b L-b U-b",
}


def encode(kinds, scheme):
    """Tag tokens by an independent way: ``kinds`` has a letter for the type of each span's tokens and its length."""
    tags, before = [], None
    for kind, length in kinds:
        for at in range(length):
            if kind == "-":
                tags.append("O")
            elif scheme in ("bioes", "bilou"):
                begin, inside, end, single = "BIES" if scheme == "bioes" else "BILU"
                last = at == length - 1
                prefix = single if length == 1 else begin if at == 0 else end if last else inside
                tags.append(f"{prefix}-{kind}")
            elif scheme == "bio":
                tags.append(f"{'I' if at else 'B'}-{kind}")
            else:
                tags.append(f"{'B' if at == 0 and before == kind and scheme == 'iob1' else 'I'}-{kind}")
        before = kind
    return tags


def every_encoding(scheme, longest):
    found = set()
    for count in range(1, longest + 1):
        for kinds in product([(k, n) for k in "-ab" for n in range(1, longest + 1)], repeat=count):
            tags = encode(kinds, scheme)
            if len(tags) == longest:
                found.add(tuple(tags))
    return found


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_allows_what_encodes_spans_and_nothing_else(name):
    good = every_encoding(name, 4)
    for tags in product(TAGS[name].split(), repeat=4):
        assert (SCHEMES[name].first_fault(tags) is None) == (tags in good), tags


@pytest.mark.parametrize("name", SCHEMES)
def test_unknown_tags_are_no_fault_where_some_tags_fit(name):
    known = {
        tuple(None if hidden else tag for tag, hidden in zip(tags, mask, strict=True))
        for tags in every_encoding(name, 4)
        for mask in product([False, True], repeat=4)
    }
    for tags in product([None, *TAGS[name].split()], repeat=4):
        assert (SCHEMES[name].first_fault(tags) is None) == (tags in known), tags


@pytest.mark.parametrize(
    ("name", "tags", "place"),
    [
        ("bio", ["I-PER"], 0),
        ("bio", ["B-PER", "I-LOC", "O"], 1),
        ("bio", ["B-PER", "S-PER"], 1),
        ("iob1", ["O", "B-PER"], 1),
        ("bioes", ["B-PER", "O"], 1),
        ("bioes", ["O", "B-PER", "I-PER"], 3),
        ("bioes", [], None),
        ("bio", [None, "I-PER"], None),
        ("bio", ["O", None, "I-PER", "I-LOC"], 3),
        ("bioes", ["B-PER", None], None),
        ("bio", [None, "S-PER"], 1),
        ("bilou", ["B-PER", None, "L-LOC"], 2),
    ],
)
def test_the_first_fault_is_named(name, tags, place):
    assert SCHEMES[name].first_fault(tags) == place


@pytest.mark.parametrize("tag", ["NOUN", "PER-B", "B-", "", "O-PER", "b-PER", "X-PER", "BB", "B_PER"])
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(DataError, match=f"^{tag!r} is not a tag of a span: write O outside"):
        parse_tag(tag)


def test_a_tag_of_another_scheme_is_refused():
    with pytest.raises(DataError, match="'E-PER' is not a tag of the scheme bio, which has the prefixes O, B, I"):
        SCHEMES["bio"].parse("E-PER")


def test_an_unknown_scheme_names_the_nearest():
    with pytest.raises(DataError, match="no tag scheme 'bioe'; did you mean 'bioes'"):
        find_scheme("bioe")


BIO = [["B-a", "I-a", "O"], ["O", "B-a"], ["B-a", "B-a"]]


@pytest.mark.parametrize(
    ("sentences", "name"),
    [
        ([*BIO, ["E-a", "O"]], "bio"),  # a stray tag
        ([[None, *tags] for tags in BIO], "bio"),
        ([[None, *tags[1:]] for tags in BIO], "bio"),
        ([["S-a"], ["B-a", "E-a"], ["O", "O", "U-a"]], "bioes"),
        ([["B-a", "S-a"]], "bioes"),  # all schemes are broken: that which has the tags
        ([["S-a"], ["U-a"]], None),  # no scheme has both, and each is broken by half
        ([["O"], [None, "O"]], None),
        ([["O", "B-a"], [None, "NOUN"]], None),
    ],
)
def test_the_scheme_that_most_sentences_keep_to(sentences, name):
    found = detect_scheme(sentences)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("name", "tags", "fault"),
    [
        ("bio", ["O", None, "B-a"], None),
        ("bio", ["O", None, "E-a"], (2, "'E-a' is not a tag of the scheme bio, which has the prefixes O, B, I")),
        ("bio", ["I-a"], (0, "'I-a' cannot follow the begin of a sentence in the scheme bio")),
        ("bioes", ["B-a", "O"], (1, "'O' cannot follow 'B-a' in the scheme bioes")),
        ("bioes", ["B-a", None, "E-b"], (2, "'E-b' cannot follow 'B-a' and an unknown tag in the scheme bioes")),
        ("bioes", ["O", "B-a"], (1, "the end of the sentence cannot follow 'B-a' in the scheme bioes")),
    ],
)
def test_faults_are_told(name, tags, fault):
    assert find_fault(tags, SCHEMES[name]) == fault


def test_a_tag_of_no_span_is_told():
    assert find_stray(["O", "S-a", None]) is None
    assert find_stray(["O", "NOUN"]).at == 1
