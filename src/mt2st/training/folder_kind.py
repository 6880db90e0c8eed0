"""Whose a folder is: only what a model wrote may be replaced by the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from mt2st.errors import DataError, listed


@dataclass(frozen=True)
class FolderKind:
    """What a kind of model writes to its folder.

    Attributes
    ----------
    name
        Of the kind; the description has it as ``kind``.
    description
        The JSON file that says what the folder holds: other programs have a ``model.json`` too.
    files
        All that a folder may have, the description among it.
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
        """Refuse to lose what is not this kind's own; a folder that is empty, or not there, has nothing to lose.

        Raises
        ------
        DataError
            Naming a file of somebody else's.
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
