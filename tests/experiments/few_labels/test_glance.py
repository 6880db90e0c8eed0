"""The panel of the first page, by hand."""

import re

import pytest

from mt2st.experiments.few_labels.cells import FewLabelsCell
from mt2st.experiments.few_labels.contenders import AUTOTUNED, CONTENDERS
from mt2st.experiments.few_labels.glance import accuracy, common, draw_glance
from mt2st.experiments.outcomes import Outcome


def outcome(*accuracies, seconds=2.0):
    return Outcome(0.0, [{"test": {"accuracy": each}, "seconds": seconds} for each in accuracies])


def cells(done):
    """Return finished cells: ``{set: names of contenders}``."""
    return {FewLabelsCell(each, 250, name): outcome(0.7, 0.8) for each, names in done.items() for name in names}


WITHOUT_SEARCH = [name for name in CONTENDERS if name != AUTOTUNED]


def test_means_are_over_the_sets_that_all_have_finished():
    found = cells({"cr": CONTENDERS, "subj": WITHOUT_SEARCH, "trec": WITHOUT_SEARCH, "r8": ["mt2st", "TF-IDF"]})
    found[FewLabelsCell("imdb", 1000, "mt2st")] = outcome(0.9, 0.9)  # of another number of labels
    sets, contenders = common(found, 250)
    # The search is finished on one set of four, all others on three or four.
    assert sets == ["cr", "subj", "trec"] and list(contenders) == WITHOUT_SEARCH
    assert all(len(outcomes) == 3 for outcomes in contenders.values())
    assert common(found, 1000)[0] == ["imdb"] and common({}, 250) == ([], {})


def test_a_contender_that_is_finished_on_half_of_the_sets_decides_which_sets_count():
    sets, contenders = common(cells({"cr": CONTENDERS, "subj": WITHOUT_SEARCH}), 250)
    assert sets == ["cr"] and list(contenders) == list(CONTENDERS)
    third = common(cells({"cr": CONTENDERS, "subj": WITHOUT_SEARCH, "trec": WITHOUT_SEARCH}), 250)
    assert third[0] == ["cr", "subj", "trec"] and AUTOTUNED not in third[1]


def test_the_interval_is_over_splits_of_their_means_over_sets():
    # Means of the splits: 0.6 and 0.7; Student's t of one degree of freedom is 12.706, times 0.05.
    found = accuracy([outcome(0.5, 0.5), outcome(0.7, 0.9)])
    assert found.mean == pytest.approx(0.65)
    assert found.high - found.mean == pytest.approx(12.706 * 0.05, abs=1e-4)


def test_the_panel_names_contenders_sets_and_labels_and_keeps_names_apart():
    content = draw_glance(cells({"cr": CONTENDERS, "r8": CONTENDERS})).decode()
    assert all(content.count(f">{name}<") == 1 for name in CONTENDERS)
    assert "test accuracy with 250 labels, mean of cr, r8" in content
    # All points are the same, so that names would lie on each other if they were not moved.
    places = [re.search(rf'translate\(([\d.]+) ([\d.]+)\)">{name}<|x="([\d.]+)" y="([\d.]+)"[^>]*>{name}<', content)
              for name in CONTENDERS]  # fmt: skip
    assert len({place.groups() for place in places if place}) == len(CONTENDERS)
    assert draw_glance(cells({"cr": CONTENDERS})) == draw_glance(cells({"cr": CONTENDERS}))


def test_nothing_finished_is_no_panel():
    assert draw_glance({}) is None
