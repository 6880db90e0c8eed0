"""What settings may be, and what is said of those that may not."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import mt2st
from mt2st.errors import ConfigError, DataError
from mt2st.training.vectors.settings import VectorSettings


def test_defaults_are_gensims():
    assert VectorSettings.of().as_dict() == {
        "method": "skipgram",
        "subwords": False,
        "vector_size": 100,
        "window": 5,
        "min_count": 5,
        "negative": 5,
        "sample": 1e-3,
        "epochs": 5,
        "alpha": 0.025,
        "min_alpha": 1e-4,
        "seed": 1,
        "min_n": 3,
        "max_n": 6,
        "bucket": 2_000_000,
        "max_vocabulary": None,
        "lower": False,
        "x_max": 100.0,
    }


def test_glove_has_stanfords_window_and_a_rate_that_does_not_fall():
    glove = VectorSettings.of(method="glove")
    assert (glove.window, glove.alpha, glove.min_alpha) == (10, 0.05, 0.05)
    given = VectorSettings.of(method="glove", window=3, alpha=0.1, min_alpha=None)
    assert (given.window, given.alpha, given.min_alpha) == (3, 0.1, 0.1)


def test_a_small_alpha_needs_no_min_alpha():
    assert VectorSettings.of(alpha=1e-5).min_alpha == 1e-5


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": 50}, r"'size' is no setting here: write vector_size=\.\.\."),
        ({"iter": 5}, r"'iter' is no setting here: write epochs=\.\.\."),
        ({"sg": 1}, "'sg' is no setting here: write method="),
        ({"hs": 1}, "'hs' is no setting here: .*no hierarchical softmax"),
        ({"lr": 0.05}, r"'lr' is no setting here: write alpha=\.\.\."),
        ({"max_final_vocab": 5}, "'max_final_vocab' is no setting here: rare words are left out by min_count"),
        ({"windw": 5}, "'windw' is no setting here; did you mean 'window'"),
        ({"method": "skip-gram"}, "method 'skip-gram' is unknown; did you mean 'skipgram'"),
        ({"vector_size": 0}, "vector_size must be a whole number from 1 to 65536, 0 found"),
        ({"vector_size": 10.0}, "vector_size must be a whole number"),
        ({"window": 256}, "window must be a whole number from 1 to 255"),
        ({"min_count": 0}, "min_count must be"),
        ({"negative": 0}, "negative must be a whole number from 1 "),
        ({"sample": -0.1}, "sample must be a number from 0.0 to 1.0"),
        ({"epochs": 0}, "epochs must be"),
        ({"epochs": True}, "epochs must be"),
        ({"alpha": 0}, "alpha must be"),
        ({"alpha": float("nan")}, "alpha must be"),
        ({"alpha": "0.1"}, "alpha must be a number"),
        ({"alpha": 0.01, "min_alpha": 0.02}, "min_alpha must be at most alpha, 0.02 and 0.01 found"),
        ({"seed": -1}, "seed must be"),
        ({"max_vocabulary": 0}, "max_vocabulary must be"),
        ({"lower": "yes"}, "lower must be True or False"),
        ({"subwords": 1}, "subwords must be True or False"),
        ({"subwords": True, "method": "glove"}, "GloVe has no subwords"),
        ({"subwords": True, "min_n": 4, "max_n": 3}, "min_n must be at most max_n"),
        ({"subwords": True, "bucket": 0}, "bucket must be"),
        ({"x_max": 0}, "x_max must be"),
        ({"x_max": 10}, "x_max is for the method glove, skipgram found: leave it out"),
        ({"min_n": 2}, r"min_n is for subwords: pass subwords=True \(--subwords\)"),
        ({"subwords": False, "max_n": 9}, "max_n is for subwords"),
    ],
)
def test_settings_that_cannot_be_name_the_fix(given, message):
    with pytest.raises(ConfigError, match=message):
        VectorSettings.of(**given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": 50}, "write vector_size="),
        ({"sg": 0}, "write method="),
        ({"workers": 0}, "workers must be a whole number from 1"),
        ({"patience": 0}, "patience must be"),
        ({"checkpoint_every": -1}, "checkpoint_every must be"),
        ({"update_vocabulary": True}, r"give them \(start=, --start\)"),
        ({"development": 3}, "development must be a function of the vectors or a file"),
        ({"development": len, "every": 0}, "every, a share of an epoch, must be above 0 and at most 1, found 0"),
        ({"every": "all"}, "every, a share of an epoch, must be"),
        ({"start": SimpleNamespace(index_to_key=["a"])}, r"write mt2st\.WordVectors\(wv\.index_to_key, wv\.vectors\)"),
        ({"start": 4}, r"start must be WordVectors, 4 found: load them with mt2st\.WordVectors\.load"),
        ({"folder": 5}, "folder must be a path, or None for a temporary folder, 5 found"),
        ({"on_progress": 3}, "on_progress must be a function of a Progress, 3 found"),
        ({"workers": np.int64(0)}, r"workers must be a whole number from 1 to 4096, np.int64\(0\) found"),
    ],
)
def test_they_are_refused_before_the_text_is_read(given, message):
    def sentences():
        raise AssertionError("the text was read")
        yield

    with pytest.raises(ConfigError, match=message):
        mt2st.train_vectors(sentences(), **given)


def test_numbers_may_be_numpys(quick, text, tmp_path):
    whole = {"vector_size": 8, "epochs": 2, "seed": 3, "workers": 1, "patience": 2, "min_count": 2, "max_vocabulary": 9}
    real = {"alpha": 0.0625, "min_alpha": 0.03125, "every": 0.5, "checkpoint_every": 0.5}
    given = {name: np.int64(value) for name, value in whole.items()}
    given |= {name: np.float32(value) for name, value in real.items()}
    found = quick(text(100), folder=tmp_path, **given)
    assert np.array_equal(found.vectors, quick(text(100), **whole, **real).vectors)
    assert VectorSettings.of(alpha=np.float32(2**-16)).min_alpha == 2**-16


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "the text must be files or an iterable of token lists, None found"),
        (5, "the text must be files or an iterable of token lists, 5 found"),
        ([5], "sentence 0 must be a list of strings .*'int' object is not iterable"),
        (map(Path, ["a.txt"]), r"sentence 0 .* a path found: pass files as a list, e\.g\. list\("),
    ],
)
def test_what_is_no_text_is_told(source, message):
    with pytest.raises(DataError, match=message):
        mt2st.train_vectors(source)
