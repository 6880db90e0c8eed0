"""What is trained on, judged by, and read beside."""

import pytest

from mt2st.errors import DataError
from mt2st.experiments.few_labels.sets import SETS, LabelledSet, check_data, has_extra
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import make_split

ALL = Sizes()


@pytest.mark.parametrize(("name", "labels"), [("cr", 100), ("sst2", 100), ("sst2", None), ("imdb", 250)])
def test_no_text_of_the_test_is_in_anything_else(source, name, labels):
    split = make_split(source, ALL, name, labels, 1)
    given = [*split.texts, *split.unlabelled, *(text for texts, _ in split.auxiliary.values() for text in texts)]
    assert split.test_texts and not set(split.test_texts) & set(given)


def test_rows_are_labelled_or_unlabelled_or_judged_and_none_is_lost(source):
    split = make_split(source, ALL, "cr", 100, 1)
    assert (len(split.texts), len(split.test_texts), len(split.unlabelled)) == (100, 80, 402 - 180)
    every = {*split.texts, *split.test_texts, *split.unlabelled}
    assert len(every) == 402 and len(split.auxiliary["sst2"][0]) == 402 - len(set(split.test_texts) & held(source))
    assert all(("good" in text) == (label == "yes") for text, label in zip(split.texts, split.labels, strict=True))


def held(source):
    return set(make_split(source, ALL, "sst2", 100, 1).test_texts)


def test_a_held_out_file_leaves_training_rows_of_the_same_text_out(source):
    split = make_split(source, ALL, "sst2", None, 1)
    assert (len(split.texts), len(split.test_texts), split.unlabelled) == (400, 40, [])
    assert len(split.auxiliary["cr"][0]) == 400, "two of 402 are in sst2's test part"


def test_splits_differ_and_repeat(source):
    first, again, second = (make_split(source, ALL, "cr", 100, number) for number in (1, 1, 2))
    assert first == again
    assert first.texts != second.texts and set(first.test_texts) != set(second.test_texts)


def test_reviews_have_the_same_test_in_every_split(source):
    first, second = (make_split(source, ALL, "imdb", 250, number) for number in (1, 2))
    assert first.test_texts == second.test_texts and len(first.test_texts) == 5000
    assert set(first.texts) != set(second.texts)
    assert len(first.unlabelled) == 1000 - 250 + 30, "its own other rows, then reviews that never had a label"


def test_sizes_cut_test_and_further_text(source):
    split = make_split(source, Sizes(test=50, text=10), "imdb", 250, 1)
    assert (len(split.test_texts), len(split.unlabelled)) == (50, 5950 - 250 - 4950 + 10)


@pytest.mark.parametrize("name", SETS)
def test_sets_that_share_sentences_never_meet(name):
    together = {name, *SETS[name].helpers}
    assert "film" not in together or not together & {"sst2", "subj"}


def test_all_labels_leave_no_extra_but_text_and_helpers():
    assert not has_extra("r8", None) and has_extra("r8", 250) and has_extra("sst2", None) and has_extra("imdb", None)


def test_missing_files_are_named_those_of_helpers_too(tmp_path, monkeypatch):
    monkeypatch.setitem(SETS, "one", LabelledSet("one.tsv", (5,), helpers=("cr",)))
    with pytest.raises(DataError, match=r"missing: one\.tsv, cr/all\.tsv\.xz; give the folder"):
        check_data(tmp_path, ("one", "film"))
