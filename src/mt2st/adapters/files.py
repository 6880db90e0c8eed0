"""The state of a balance in a folder: ``balance.json``, and the earlier states that it keeps, if any, beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch

from mt2st.errors import CheckpointError
from mt2st.training.balance import Balance

FILE, KEPT = "balance.json", "balance-kept.pt"


def save_balance(balance: Balance, folder: str | os.PathLike[str]) -> None:
    """Write the state of ``balance`` into a folder."""
    (Path(folder) / FILE).write_text(json.dumps(balance.state_dict()), encoding="utf-8")
    if kept := balance.kept_state_dict():
        torch.save(kept, Path(folder) / KEPT)


def load_balance(balance: Balance, folder: str | os.PathLike[str]) -> None:
    """Take up the state in a folder.

    Raises
    ------
    CheckpointError
        Where the folder has none.
    """
    path, kept = Path(folder) / FILE, Path(folder) / KEPT
    if not path.is_file():
        raise CheckpointError(f"there is no {path}: was this checkpoint saved with mt2st's adapter?")
    if kept.is_file():
        balance.load_kept_state_dict(torch.load(kept, map_location="cpu", weights_only=True))
    balance.load_state_dict(json.loads(path.read_text(encoding="utf-8")))
