"""Kinds of model folders: only files that a model of the same kind wrote may be replaced."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from mt2st.errors import DataError, listed


@dataclass(frozen=True)
class FolderKind:
    """The files that a kind of model writes to its folder.

    Attributes
    ----------
    name
        The kind's name, stored under ``kind`` in the description.
    description
        The JSON file that says what the folder holds; its name is not enough, as other programs use ``model.json`` too.
    files
        Names of all files that such a folder may have, including the description.
    """

    name: str
    description: str
    files: frozenset[str]

    def describes(self, folder: Path) -> bool:
        """Return whether a folder's description is one of this kind."""
        try:
            found = json.loads((folder / self.description).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(found, dict) and found.get("kind") == self.name

    def check(self, folder: Path) -> None:
        """Refuse to replace a folder that holds files of others; an empty or missing folder passes.

        Raises
        ------
        DataError
            Naming a file that is not of this kind.
        """
        if not folder.exists():
            return
        if not folder.is_dir():
            raise DataError("this is a file: give a folder", path=folder)
        found = {path.name: path.is_dir() for path in sorted(folder.iterdir())}
        if found and not self.describes(folder):
            some = listed(found, 3)
            raise DataError(f"holds other files ({some}): give an empty folder, or one with a {self.name}", path=folder)
        for name, is_folder in found.items():
            if is_folder or name not in self.files:
                raise DataError(
                    f"holds {name} beside a {self.name}, and would lose it: move it, or give another folder",
                    path=folder,
                )
