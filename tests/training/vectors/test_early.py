"""Stopping on a development measure."""

import numpy as np
import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.training.vectors.early import Patience

from .test_resume import Interrupt
from .test_train import same


def scores(*values):
    """Return a measure that gives these scores in turn, and the vectors that it was given."""
    given, left = [], iter(values)

    def measure(vectors):
        given.append(vectors)
        return next(left)

    return measure, given


@pytest.mark.parametrize("method", ["skipgram", "glove"])
def test_the_best_vectors_are_returned(quick, text, method):
    measure, given = scores(1, 5, 4, 3, 9)
    found = quick(text(300), method=method, development=measure, patience=2)
    assert len(given) == 4
    assert same(found, given[1])
    assert not same(found, given[3])


def test_scores_that_rise_end_at_the_last_epoch(quick, text):
    measure, given = scores(1, 2, 3, 4, 5)
    assert same(quick(text(300), development=measure, patience=1), given[-1])
    assert same(given[-1], quick(text(300))), "and scoring changes nothing"


def test_the_best_can_lie_before_the_end_without_a_stop(quick, text):
    measure, given = scores(1, 2, 9, 3, 4)
    assert same(quick(text(300), development=measure, patience=5), given[2])


def test_scores_within_an_epoch(quick, text, small_quanta, tmp_path):
    measure, given = scores(*range(10))
    quick(text(1000), development=measure, every=0.5, folder=tmp_path)
    assert len(given) == 10


def test_an_interrupted_run_remembers_its_scores(quick, text, small_quanta, tmp_path, monkeypatch):
    monkeypatch.setattr("mt2st.training.vectors.progress.INTERVAL", 0.0)
    measure, given = scores(1, 5, 4, 3, 9)
    with pytest.raises(KeyboardInterrupt):
        quick(text(1000), development=measure, patience=2, folder=tmp_path, on_progress=Interrupt(0.5))
    assert len(given) == 2
    assert same(quick(text(1000), development=measure, patience=2, folder=tmp_path), given[1])
    assert len(given) == 4
    assert not (tmp_path / "best").exists()


def test_a_run_with_scores_is_not_gone_on_with_without(quick, text, tmp_path):
    measure, given = scores(9, 5)
    settings = {"folder": tmp_path, "checkpoint_every": 0}
    with pytest.raises(StopIteration):
        quick(text(300), development=measure, **settings)
    with pytest.raises(ConfigError, match=r"differs in development \(a function, now None\)"):
        quick(text(300), **settings)
    measure, _ = scores(4, 3, 2)
    assert same(quick(text(300), development=measure, patience=5, **settings), given[0])


def test_a_file_of_word_pairs(quick, text, tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("cat\tdog\t9\ncat\tcar\t1\nbus\tvan\t8\nhen\ttram\t2\n")
    seen = []
    quick(text(1000), development=path, on_progress=seen.append)
    assert 0.5 < seen[-1].history[-1]["score"] <= 1


def test_a_file_that_is_not_there_is_told_before_training(quick):
    def sentences():
        raise AssertionError("the text was read")
        yield

    with pytest.raises(DataError, match=r"none\.tsv"):
        quick(sentences(), development="none.tsv")


@pytest.mark.parametrize("score", [float("nan"), None, "high", [1.0, 2.0]])
def test_a_score_must_be_finite(quick, text, score):
    with pytest.raises(DataError, match=r"the development measure must be a finite number, .* found: check the func"):
        quick(text(300), development=lambda vectors: score)


def test_equal_scores_are_no_rise():
    patience = Patience(2)
    assert [patience.note(1.0, place) for place in (1, 2, 3)] == [True, False, False]
    assert patience.over
    assert (patience.best, patience.place) == (1.0, 1)
    assert np.isfinite(patience.best)


def test_pairs_of_other_words_are_told_before_the_training(quick, text, tmp_path):
    pairs, told = tmp_path / "pairs.tsv", []
    pairs.write_text("zebu\tgnu\t7\ncat\tgnu\t5\ncat\tdog\t3\n")
    with pytest.raises(DataError, match=r"pairs\.tsv: the vocabulary has both words of 1 pair, of two it must"):
        quick(text(300), development=pairs, on_progress=told.append)
    assert "training" not in {each.phase for each in told}
