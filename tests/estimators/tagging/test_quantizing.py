"""Taggers in few bits a number."""

from __future__ import annotations

import json

import numpy as np
import pytest

import mt2st
from mt2st.errors import ConfigError, DataError
from mt2st.estimators.tagging.quantizing import COARSEST, FINEST, WIDER, quantize, restore

SYLLABLES = {"NOUN": "ka", "VERB": "ru", "ADJ": "so"}


def make(count, seed=1):
    """Words that nobody can tell but by their first letters: what a tagger must keep is in features and looks."""
    draw = np.random.default_rng(seed)
    tags = [[str(tag) for tag in draw.choice(list(SYLLABLES), 8)] for _ in range(count)]
    return [[f"{SYLLABLES[tag]}{draw.integers(500)}" for tag in row] for row in tags], tags


@pytest.fixture(scope="module")
def fitted():
    return mt2st.TokenTagger(vector_size=16, hidden_size=16, min_count=2).fit(*make(400))


def arrays_of():
    draw = np.random.default_rng(1)
    shapes = {"table": (9, 4), "looks": (12, 4), "weights": (24, 8), "bias": (1, 8), "emit": (3, 9), "links": (4, 4)}
    arrays = {name: draw.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    features = draw.normal(0, 0.1, (50, 3)).astype(np.float32)
    features[::5] = 0.001
    return {**arrays, "features": features, "used": np.arange(50) * 3}


@pytest.mark.parametrize(("fits", "step"), [(True, FINEST), (False, FINEST)])
def test_numbers_are_off_by_half_a_step_at_most(fits, step):
    arrays = arrays_of()
    found = restore(*quantize(arrays, lambda _: fits))
    assert found["used"].tolist() == [3 * place for place in range(50) if place % 5]  # rows of zeros are left out
    arrays["features"] = np.where(np.arange(50)[:, None] % 5, arrays["features"], 0)
    found["features"] = np.insert(found["features"], np.arange(10) * 4, 0, axis=0)
    sizes = {name: np.sqrt(np.mean(arrays_of()[name].astype(float) ** 2)) for name in WIDER}
    for name, array in arrays_of().items():
        if name != "used":
            half = step * WIDER[name] * sizes[name] / 2 * 1.001 if name in WIDER else 0.0
            assert np.abs(found[name] - array).max() <= half, name


def test_the_finest_steps_that_fit_are_taken():
    arrays = arrays_of()

    def total(streams):
        return sum(array.nbytes for array in streams.values())

    room = total(quantize(arrays, lambda _: True)[0]) - 60
    streams, about = quantize(arrays, lambda found: total(found) <= room)
    step = about["steps"]["table"] / np.sqrt(np.mean(arrays["table"].astype(float) ** 2))
    assert FINEST < step < COARSEST and total(streams) <= room


def test_zeros_and_arrays_of_nothing_come_back():
    arrays = {**arrays_of(), "table": np.zeros((1, 4), np.float32), "features": np.empty((0, 3), np.float32)}
    found = restore(*quantize({**arrays, "used": np.empty(0, np.int64)}, lambda _: True))
    assert found["table"].tolist() == [[0.0] * 4] and found["features"].shape == (0, 3) and len(found["used"]) == 0


def size(folder):
    return sum(path.stat().st_size for path in folder.iterdir())


def test_a_tenth_of_the_size_tags_nearly_as_well(fitted, tmp_path):
    fitted.save(tmp_path / "whole")
    fitted.save(tmp_path / "small", quantize=True)
    assert size(tmp_path / "small") <= size(tmp_path / "whole") / 10
    small, judged = mt2st.load(tmp_path / "small"), make(100, seed=2)
    assert small.score(*judged) >= fitted.score(*judged) - 0.005 > 0.9
    assert small.model_.words == sorted(fitted.model_.words)
    near = fitted.model_.encoder.table[[0, *map(fitted.model_.rows.get, small.model_.words)]]
    assert np.abs(small.model_.encoder.table - near).max() < near.std()
    small.save(tmp_path / "again")  # what it has become is a tagger like any other
    assert mt2st.load(tmp_path / "again").predict(judged[0]) == small.predict(judged[0])


def test_one_replaces_the_other(fitted, tmp_path):
    for flag in (True, False, True):
        fitted.save(tmp_path / "tagger", quantize=flag)
    names = {path.name for path in (tmp_path / "tagger").iterdir()}
    assert names == {"README.md", "tagger.json", "tagger.safetensors", "words.json.xz"}
    assert json.loads((tmp_path / "tagger" / "tagger.json").read_text())["format"] == 2


@pytest.mark.parametrize("name", ["tagger.safetensors", "words.json.xz"])
def test_a_damaged_one_is_refused(fitted, tmp_path, name):
    fitted.save(tmp_path, quantize=True)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-9])
    with pytest.raises(DataError, match="the tagger is damaged"):
        mt2st.load(tmp_path)


def test_what_is_no_flag_is_refused(fitted, tmp_path):
    with pytest.raises(ConfigError, match="quantize"):
        fitted.save(tmp_path / "tagger", quantize=8)
