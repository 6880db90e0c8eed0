"""Checkpoints: whole or not there, the newest that is whole, and never of another run."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file

from mt2st.errors import CheckpointError
from mt2st.training import checkpoint
from mt2st.training.checkpoint import fill_arrays, load_checkpoint, save_checkpoint

STATE = {"step": 3, "losses": [0.1, 1e-300, None], "name": "é"}


def arrays(value=1.0):
    return {
        "table": np.full((3, 2), value, np.float32),
        "steps": np.arange(3, dtype=np.int64)[:, None],
        "strided": np.arange(12, dtype=np.float64).reshape(3, 4)[:, ::2],
    }


def test_one_that_fails_leaves_nothing_behind(tmp_path):
    save_checkpoint(tmp_path, 3, arrays(), STATE)
    with pytest.raises(TypeError):
        save_checkpoint(tmp_path, 4, arrays(), {"no": "JSON", "value": object()})
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000003"]


def test_what_is_saved_comes_back_bit_for_bit(tmp_path):
    save_checkpoint(tmp_path, 3, arrays(np.float32(0.1)), STATE)
    found, state = load_checkpoint(tmp_path)
    assert state == STATE
    for name, array in arrays(np.float32(0.1)).items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == np.ascontiguousarray(array).tobytes()


@pytest.mark.parametrize("part", [1, 7, 24, 1 << 24])
def test_the_file_is_as_safetensors_has_it_whatever_the_parts(tmp_path, monkeypatch, part):
    monkeypatch.setattr(checkpoint, "PART", part)
    kinds = {kind: np.arange(6).astype(kind).reshape(3, 2) for kind in ("f2", "f4", "f8", "i1", "i8", "u2", "?")}
    odd = {"none": np.empty((0, 3), np.float32), "empty": np.empty((3, 0), np.int32), "one": np.float64(2.5)}
    wanted = {**arrays(), **kinds, **{name: np.asarray(array) for name, array in odd.items()}}
    path = save_checkpoint(tmp_path, 1, wanted, {}) / "arrays.safetensors"
    for found in (load_file(path), load_checkpoint(tmp_path)[0]):
        assert set(found) == set(wanted)
        for name, array in wanted.items():
            assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
            assert np.array_equal(found[name], array)


def test_the_newest_two_are_kept(tmp_path):
    for step in (9, 10, 100):
        save_checkpoint(tmp_path, step, arrays(step), {"step": step})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000010", "step-000000100"]
    assert load_checkpoint(tmp_path)[1] == {"step": 100}


def test_saving_a_step_again_takes_its_place(tmp_path):
    for value in (1.0, 2.0):
        save_checkpoint(tmp_path, 5, arrays(value), {"value": value})
    found, state = load_checkpoint(tmp_path)
    assert (state, found["table"][0, 0]) == ({"value": 2.0}, 2.0)


def test_no_checkpoint_is_no_error(tmp_path):
    assert load_checkpoint(tmp_path / "none") is None


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGES = {
    "flipped arrays": lambda path: flip(path / "arrays.safetensors"),
    "flipped state": lambda path: flip(path / "state.json"),
    "cut arrays": lambda path: (path / "arrays.safetensors").write_bytes(b"\0"),
    "no arrays": lambda path: (path / "arrays.safetensors").unlink(),
    "no state": lambda path: (path / "state.json").unlink(),
    "no manifest": lambda path: (path / "manifest.json").unlink(),
    "empty manifest": lambda path: (path / "manifest.json").write_text(""),
    "a manifest of nothing": lambda path: (path / "manifest.json").write_text("{}"),
    "a manifest that is a list": lambda path: (path / "manifest.json").write_text("[]"),
    "a binary manifest": lambda path: (path / "manifest.json").write_bytes(b"\xff\xfe\0"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_newest_gives_way_to_the_older(tmp_path, damage):
    for step in (4, 8):
        save_checkpoint(tmp_path, step, arrays(step), {"step": step})
    damage(tmp_path / "step-000000008")
    found, state = load_checkpoint(tmp_path)
    assert (state["step"], found["table"][0, 0]) == (4, 4.0)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_all_damaged_is_an_error_that_names_each(tmp_path, damage):
    for step in (4, 8):
        save_checkpoint(tmp_path, step, arrays(step), {"step": step})
        damage(tmp_path / f"step-00000000{step}")
    with pytest.raises(CheckpointError, match=r"no checkpoint is intact.*step-000000008: .*step-000000004: "):
        load_checkpoint(tmp_path)


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_dying_while_saving_leaves_the_one_before(tmp_path, monkeypatch, writes):
    save_checkpoint(tmp_path, 4, arrays(4), {"step": 4})
    done = []

    def die(path, parts):
        data = b"".join(parts)
        if len(done) == writes:
            path.write_bytes(data[: len(data) // 2])
            raise KeyboardInterrupt
        done.append(path)
        path.write_bytes(data)
        return ""

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(checkpoint, "write_synced", die)
        save_checkpoint(tmp_path, 8, arrays(8), {"step": 8})
    assert load_checkpoint(tmp_path)[1] == {"step": 4}
    save_checkpoint(tmp_path, 12, arrays(12), {"step": 12})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000000004", "step-000000012"], "and no rubbish"


def test_the_manifest_is_written_last(tmp_path, monkeypatch):
    order = []
    write = checkpoint.write_synced
    monkeypatch.setattr(checkpoint, "write_synced", lambda path, parts: order.append(path.name) or write(path, parts))
    save_checkpoint(tmp_path, 1, arrays(), STATE)
    assert order[-1] == "manifest.json"
    assert set(order) == {"arrays.safetensors", "state.json", "manifest.json"}
    assert set(json.loads((tmp_path / "step-000000001/manifest.json").read_text())) == set(order[:-1])


def test_live_arrays_are_filled_in_place():
    live = arrays(0.0)
    table = live["table"]
    fill_arrays(live, arrays(7.0))
    assert live["table"] is table
    assert (table == 7).all()


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({"table": np.zeros((2, 2), np.float32)}, r"only one side has \['head', 'other', 'table'\]"),
        ({"other": np.zeros((2, 2), np.float32)}, r"the checkpoint is of another run: only one side has \['head'\]"),
    ],
)
def test_arrays_of_other_names_are_refused(saved, message):
    live = {"other": np.ones((2, 2), np.float32), "head": np.ones(1)}
    with pytest.raises(CheckpointError, match=message):
        fill_arrays(live, saved)
    assert (live["other"] == 1).all()


@pytest.mark.parametrize("second", [np.zeros((3, 2), np.float32), np.zeros((2, 2), np.float64)])
def test_arrays_of_another_shape_or_kind_are_refused_before_any_is_copied(second):
    live = {"a": np.ones(2), "b": np.ones((2, 2), np.float32)}
    with pytest.raises(CheckpointError, match="the checkpoint's b is"):
        fill_arrays(live, {"a": np.zeros(2), "b": second})
    assert live["a"].tolist() == [1.0, 1.0]
