"""Checkpoints that survive a crash at any moment: written to a temporary folder with a manifest of hashes, renamed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError

ARRAYS, STATE, MANIFEST = "arrays.safetensors", "state.json", "manifest.json"
KEPT = 2
# Bytes of an array that are copied at a time, so that a checkpoint needs little memory of its own.
PART = 1 << 24
# Arrays by name, and the rest as JSON values.
Saved: TypeAlias = tuple[dict[str, NDArray[np.generic]], dict[str, Any]]
# https://huggingface.co/docs/safetensors
TYPES = {
    **{f"F{8 * size}": f"<f{size}" for size in (2, 4, 8)},
    **{f"{kind.upper()}{8 * size}": f"<{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)},
    "BOOL": "|b1",
}
NAMES = {np.dtype(kind): name for name, kind in TYPES.items()}


def write_synced(path: Path, parts: Iterable[bytes]) -> str:
    """Write a file, wait until it is on disk and return its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for part in parts:
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def save_checkpoint(
    folder: Path, step: int, arrays: Mapping[str, NDArray[np.generic]], state: Mapping[str, Any]
) -> Path:
    """Write ``folder/step-N`` and remove all but the newest two.

    Parameters
    ----------
    folder
        The checkpoints' folder; created if missing.
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
    try:
        manifest = {
            ARRAYS: write_synced(aside / ARRAYS, safetensors_parts(arrays)),
            STATE: write_synced(aside / STATE, [json.dumps(state).encode()]),
        }
        write_synced(aside / MANIFEST, [json.dumps(manifest).encode()])
        shutil.rmtree(target, ignore_errors=True)
        aside.replace(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)  # what a failed attempt leaves would take space on a full disk
    sync_folder(folder)
    _remove_old(folder)
    return target


def safetensors_parts(arrays: Mapping[str, NDArray[np.generic]]) -> Iterator[bytes]:
    """Yield the bytes of a safetensors file of these arrays, a part of each at a time.

    Examples
    --------
    >>> from safetensors.numpy import load
    >>> found = load(b"".join(safetensors_parts({"a": np.arange(3), "b": np.eye(2, dtype=np.float32)[:, :1]})))
    >>> found["a"].tolist(), found["b"].tolist()
    ([0, 1, 2], [[1.0], [0.0]])
    """
    # Wide numbers first, so that every array is aligned to its own width.
    ordered = sorted(arrays.items(), key=lambda item: -item[1].dtype.itemsize)
    header, end = {}, 0
    for name, array in ordered:
        start, end = end, end + array.nbytes
        header[name] = {"dtype": NAMES[array.dtype], "shape": array.shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    yield len(text).to_bytes(8, "little") + text
    for _, array in ordered:
        rows = array if array.ndim else array[None]
        step = max(PART // max(array.nbytes // max(len(rows), 1), 1), 1)
        for first in range(0, len(rows), step):
            yield rows[first : first + step].tobytes()


def map_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a safetensors file, read from disk as they are used."""
    data = np.memmap(path, np.uint8, "r")
    begin = 8 + int.from_bytes(data[:8].tobytes(), "little")
    found = {}
    for name, entry in json.loads(data[8:begin].tobytes()).items():
        first, last = entry["data_offsets"]
        found[name] = data[begin + first : begin + last].view(TYPES[entry["dtype"]]).reshape(entry["shape"])
    return found


def sync_folder(folder: Path) -> None:
    """Wait until a folder's list of files is on disk."""
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


def load_checkpoint(folder: Path) -> Saved | None:
    """Return the arrays (memory-mapped) and state of the newest intact checkpoint; None if there is none yet.

    Raises
    ------
    CheckpointError
        If there are checkpoints and all are damaged.
    """
    faults = []
    for path in sorted(folder.glob("step-*"), reverse=True):
        fault = find_fault(path)
        if fault is None:
            return map_arrays(path / ARRAYS), json.loads((path / STATE).read_text())
        faults.append(f"{path}: {fault}")
    if faults:
        raise CheckpointError("no checkpoint is intact, so the run cannot be resumed: start over. " + "; ".join(faults))
    return None


def find_fault(path: Path) -> str | None:
    """Return what is wrong with a checkpoint, None if every file matches its manifest."""
    try:
        manifest = json.loads((path / MANIFEST).read_text())
        for name in (ARRAYS, STATE):
            with (path / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != manifest[name]:
                    return f"{name} is not the file that was written"
    except (OSError, ValueError, KeyError, TypeError) as error:
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
