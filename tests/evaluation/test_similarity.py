import numpy as np
import pytest
from scipy import stats

from mt2st.errors import DataError
from mt2st.evaluation import WordPair, evaluate_pairs
from mt2st.evaluation.similarity import correlations

TABLE = {"a": (1, 0), "b": (4, 3), "c": (0, 1), "0": (0, 0)}
# Cosines 0.8, 0.6 and 0; ranks 3 2 1 against 3 1 2, so rho is 1 - 6 * (1 + 1) / (3 * 8) = 0.5.
PAIRS = [WordPair("a", "b", 9.0), WordPair("b", "c", 5.0), WordPair("a", "c", 6.0)]


def find(word):
    return np.array(TABLE[word], np.float32) if word in TABLE else None


def test_by_hand():
    report = evaluate_pairs(PAIRS, find)
    assert report.spearman[0] == pytest.approx(0.5)
    assert report.pearson[0] == pytest.approx(np.corrcoef([9, 5, 6], [0.8, 0.6, 0])[0, 1])
    assert (report.pairs, report.unknown, report.total, report.oov_ratio) == (3, 0, 3, 0.0)
    assert report.as_dict() == {
        "pearson": report.pearson[0],
        "spearman": report.spearman[0],
        "pairs": 3,
        "unknown": 0,
        "oov_ratio": 0.0,
    }


def test_unknown_words_are_left_out_or_count_as_cosine_0():
    pairs = [*PAIRS, WordPair("a", "z", 10.0), WordPair("y", "z", 1.0)]
    left_out = evaluate_pairs(pairs, find)
    assert (left_out.spearman, left_out.pairs, left_out.oov_ratio) == (evaluate_pairs(PAIRS, find).spearman, 3, 40.0)
    counted = evaluate_pairs(pairs, find, dummy4unknown=True)
    assert counted.spearman == pytest.approx(stats.spearmanr([9, 5, 6, 10, 1], [0.8, 0.6, 0, 0, 0]))
    assert (counted.pairs, counted.unknown) == (5, 2)


def test_a_vector_of_zeros_has_cosine_0():
    report = evaluate_pairs([WordPair("a", "0", 1.0), *PAIRS], find)
    assert report.pearson[0] == pytest.approx(np.corrcoef([1, 9, 5, 6], [0, 0.8, 0.6, 0])[0, 1])


def test_agrees_with_scipy():
    gold, found = np.random.default_rng(0).normal(size=(2, 30)).round(1)  # ties among them
    pearson, spearman = correlations(gold, found)
    assert pearson == pytest.approx(stats.pearsonr(gold, found))
    assert spearman == pytest.approx(stats.spearmanr(gold, found))


@pytest.mark.parametrize(("gold", "found"), [([], []), ([1.0], [2.0]), ([1.0, 1.0], [1.0, 2.0]), ([1, 2], [3, 3])])
def test_what_cannot_correlate_is_refused(gold, found):
    with pytest.raises(DataError, match=f"needs two pairs that differ, {len(gold)} with vectors found"):
        correlations(gold, found)
