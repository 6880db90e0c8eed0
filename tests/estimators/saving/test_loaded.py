"""A classifier that was read predicts without scikit-learn and kernels, and its arrays are mapped."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

import mt2st
from mt2st import Switch, TextClassifier


@pytest.fixture
def folder(tmp_path, texts, labels):
    TextClassifier(C=2.0, strategy=Switch(at=0.3), min_count=1).fit(texts, labels).save(tmp_path / "model")
    return tmp_path / "model"


def test_it_is_a_classifier_with_the_same_parameters_and_model(folder, texts):
    found = mt2st.load(folder)
    assert type(found) is TextClassifier and found.get_params()["C"] == 2.0 and found.strategy == Switch(at=0.3)
    assert found.predict(texts).tolist() == ["pos", "neg"] * 3
    assert found.predict_proba(texts).shape == (6, 2) and found.classes_.tolist() == ["neg", "pos"]
    assert found.explain(texts[0])[0][0] == "good" and not found.several_
    assert not hasattr(clone(found), "fitted_")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))])
def test_a_copy_predicts_alike(folder, again, texts):
    found = mt2st.load(folder)
    other = again(found)
    assert other.get_params() == found.get_params()
    np.testing.assert_array_equal(other.decision_function(texts), mt2st.load(folder).decision_function(texts))


def test_it_is_fitted_anew(folder, texts, labels):
    found = mt2st.load(folder).fit(["yes", "no"] * 3, ["a", "b"] * 3)
    assert found.predict(["yes"]).tolist() == ["a"]
    assert cross_val_score(mt2st.load(folder), texts * 2, labels * 2, cv=2).shape == (2,)


def test_loading_and_predicting_import_neither_scikit_learn_nor_numba_nor_pydantic(folder):
    code = f"""
import sys
import mt2st
assert mt2st.load({str(folder)!r}).predict(["good film"]).tolist() == ["pos"]
mt2st.load({str(folder)!r}).predict_proba(["good film"])
print([name for name in ("sklearn", "scipy", "numba", "pydantic", "pandas", "torch") if name in sys.modules])
"""
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[1].stdout.strip() == "[]"


def test_arrays_are_mapped_and_not_read(tmp_path):
    random = np.random.default_rng(0)
    words = [f"word{number}" for number in range(2000)]
    texts = [" ".join(random.choice(words, 10)) + (" fine" if number % 2 else " poor") for number in range(200)]
    found = TextClassifier(C=1.0, ngrams=False, vector_size=0).fit(
        texts, ["yes" if n % 2 else "no" for n in range(200)]
    )
    vectors = np.ones((1 << 18, 64), np.float32)  # 64 MiB that no prediction needs
    object.__setattr__(found.fitted_, "vectors", _Table(vectors))
    found.save(tmp_path / "model")
    code = f"""
import mt2st
def pages():
    return int(open("/proc/self/statm").read().split()[1])
mt2st.load({str(tmp_path / "model")!r}).predict(["a fine one"])
before = pages()
found = mt2st.load({str(tmp_path / "model")!r})
found.predict(["a fine one"])
print((pages() - before) * 4096 // 2**20, found.fitted_.vectors.table.shape, int(found.fitted_.vectors.table.sum()))
grown = (pages() - before) * 4096 // 2**20
assert grown > 50, grown  # the mapping is real: reading it all brings it in
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    grown, *rest = done.stdout.split(maxsplit=1)
    assert int(grown) < 8 and rest == [f"(262144, 64) {1 << 24}\n"]


class _Table:
    """Vectors, as far as files go."""

    def __init__(self, table):
        self.table, self.mean, self.scale = table, table[0], table[0]
