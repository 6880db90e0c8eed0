"""The state of a balance in a folder: JSON, and a file of tensors if it keeps earlier states."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from mt2st.errors import CheckpointError
from mt2st.training.balance import Balance

FILE, KEPT = "balance.json", "balance-kept.safetensors"


def save_balance(balance: Balance, folder: str | os.PathLike[str]) -> None:
    """Write the state of ``balance`` into a folder."""
    tensors: dict[str, Tensor] = {}
    values = {"state": balance.state_dict(), "kept": without_tensors(balance.kept_state_dict(), tensors)}
    if tensors:
        save_file(tensors, Path(folder) / KEPT)
    (Path(folder) / FILE).write_text(json.dumps(values), encoding="utf-8")


def load_balance(balance: Balance, folder: str | os.PathLike[str]) -> None:
    """Load the state in a folder.

    Raises
    ------
    CheckpointError
        Where the folder has none.
    """
    path, kept = Path(folder) / FILE, Path(folder) / KEPT
    if not path.is_file():
        raise CheckpointError(f"there is no {path}: was this checkpoint saved with mt2st's adapter?")
    values = json.loads(path.read_text(encoding="utf-8"))
    balance.load_kept_state_dict(with_tensors(values["kept"], load_file(kept) if kept.is_file() else {}))
    balance.load_state_dict(values["state"])


def without_tensors(value: Any, tensors: dict[str, Tensor]) -> Any:
    """Append every tensor of nested values to ``tensors``, and return the values with its index there in its place.

    Examples
    --------
    >>> import torch
    >>> found = {}
    >>> values = without_tensors({"weight": torch.ones(2), "step": 3}, found)
    >>> values, with_tensors(values, found)
    ({'weight': {'tensor': '0'}, 'step': 3}, {'weight': tensor([1., 1.]), 'step': 3})
    """
    if isinstance(value, Tensor):
        number = str(len(tensors))
        tensors[number] = value.contiguous()
        return {"tensor": number}
    if isinstance(value, dict):
        return {key: without_tensors(each, tensors) for key, each in value.items()}
    return [without_tensors(each, tensors) for each in value] if isinstance(value, list) else value


def with_tensors(value: Any, tensors: dict[str, Tensor]) -> Any:
    """Return the nested values with their tensors back: the inverse of `without_tensors`."""
    if isinstance(value, dict):
        if value.keys() == {"tensor"} and isinstance(value["tensor"], str):
            return tensors[value["tensor"]]
        return {key: with_tensors(each, tensors) for key, each in value.items()}
    return [with_tensors(each, tensors) for each in value] if isinstance(value, list) else value
