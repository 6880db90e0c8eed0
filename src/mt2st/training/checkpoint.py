"""Checkpoints that survive a crash at any moment: written aside, synced, sealed by a manifest of hashes, renamed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mt2st.errors import CheckpointError

ARRAYS, STATE, MANIFEST = "arrays.safetensors", "state.json", "manifest.json"
KEPT = 2


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one move: a reader finds the old file or the new one, whole."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    write_synced(aside, data)
    aside.replace(path)


def save_checkpoint(
    folder: Path, step: int, arrays: Mapping[str, NDArray[np.generic]], state: Mapping[str, Any]
) -> Path:
    """Write ``folder/step-N`` and remove all but the newest two.

    Parameters
    ----------
    folder
        The checkpoints' folder; made where it is missing.
    step
        Steps done.
    arrays
        Everything that training changes, by name.
    state
        The rest, as JSON values.
    """
    target, aside = folder / f"step-{step:09d}", folder / f".step-{step:09d}.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    files = {
        ARRAYS: save({name: np.ascontiguousarray(array) for name, array in arrays.items()}),
        STATE: json.dumps(state).encode(),
    }
    for name, data in files.items():
        write_synced(aside / name, data)
    manifest = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    write_synced(aside / MANIFEST, json.dumps(manifest).encode())
    shutil.rmtree(target, ignore_errors=True)
    aside.replace(target)
    _sync_folder(folder)
    _remove_old(folder)
    return target


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_old(folder: Path) -> None:
    for stale in [*sorted(folder.glob("step-*"))[:-KEPT], *folder.glob(".step-*")]:
        shutil.rmtree(stale, ignore_errors=True)


def load_checkpoint(folder: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]] | None:
    """Return arrays and state of the newest whole checkpoint; None where there has been none yet.

    Raises
    ------
    CheckpointError
        Where there are checkpoints and every one is damaged.
    """
    faults = []
    for path in sorted(folder.glob("step-*"), reverse=True):
        fault = find_fault(path)
        if fault is None:
            return load_file(path / ARRAYS), json.loads((path / STATE).read_text())
        faults.append(f"{path}: {fault}")
    if faults:
        raise CheckpointError("no checkpoint is whole, so the run cannot go on; start anew. " + "; ".join(faults))
    return None


def find_fault(path: Path) -> str | None:
    """Return what is wrong with a checkpoint, None where every file is as its manifest says."""
    try:
        manifest = json.loads((path / MANIFEST).read_text())
        for name in (ARRAYS, STATE):
            if hashlib.sha256((path / name).read_bytes()).hexdigest() != manifest[name]:
                return f"{name} is not the file that was written"
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        return f"incomplete ({error})"
    return None


def fill_arrays(targets: Mapping[str, NDArray[np.generic]], saved: Mapping[str, NDArray[np.generic]]) -> None:
    """Copy saved arrays into live ones of the same names and shapes.

    Raises
    ------
    CheckpointError
        Naming what differs, before anything is copied.
    """
    if set(targets) != set(saved):
        raise CheckpointError(
            f"the checkpoint is of another run: only one side has {sorted(set(targets) ^ set(saved))}"
        )
    for name, target in targets.items():
        if target.shape != saved[name].shape or target.dtype != saved[name].dtype:
            raise CheckpointError(f"the checkpoint's {name} is {saved[name].shape}, this run's is {target.shape}")
    for name, target in targets.items():
        target[...] = saved[name]
