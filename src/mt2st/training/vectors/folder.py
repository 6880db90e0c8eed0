"""The working folder of a run: encoded text, records, checkpoints, and the settings that they belong to."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mt2st.errors import ConfigError
from mt2st.folder_lock import refusing_others
from mt2st.text.encoding.corpus import FILES
from mt2st.text.encoding.disk import disk_errors, read_json, write_json

# The key of a description of the text for messages; only the text's hash is compared.
SOURCE = "source"
ANOTHER = "pass another folder (another --out)"


class WorkFolder:
    """The folder to which a run writes while it trains.

    ``corpus/`` (encoded text), ``other/`` (text that came later, beside that of an unfinished run), ``renumbered/``
    (text in the rows of earlier vectors), ``cooccurrences/``, ``checkpoint/``, ``best/`` (vectors of the best
    development score), ``run.json`` and ``metrics.jsonl``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.corpus, self.other, self.renumbered = path / "corpus", path / "other", path / "renumbered"
        self.cooccurrences = path / "cooccurrences"
        self.checkpoints, self.best = path / "checkpoint", path / "best"
        self.run, self.metrics = path / "run.json", path / "metrics.jsonl"

    def check(self) -> None:
        """Refuse a folder in which a run would remove or overwrite files that no run wrote."""
        made = (self.renumbered, self.cooccurrences, self.checkpoints, self.best, self.run, self.metrics)
        found = [path.name for path in made if path.exists()]
        if found and "method" not in read_json(self.run):
            raise ConfigError(
                f"{self.path} holds {', '.join(found)}, which no run of word vectors made and this one would remove: "
                f"move it away, or {ANOTHER}"
            )

    @property
    def unfinished(self) -> dict[str, Any]:
        """Return the settings and text of an unfinished run; an empty dictionary if there is none."""
        return read_json(self.run) if self.checkpoints.exists() else {}

    def claim(self, run: Mapping[str, Any], *, resume: bool) -> bool:
        """Assign the folder to this run; return whether it holds an unfinished run of the same that can be resumed.

        Raises
        ------
        ConfigError
            If it holds an unfinished run with other settings or text, which this one would destroy.
        """
        wanted = json.loads(json.dumps(run))
        found = self.unfinished
        if resume and found:
            what = _differences(found, wanted)
            if not what:
                return True
            shutil.rmtree(self.other, ignore_errors=True)
            raise ConfigError(
                f"{self.path} holds an unfinished run that differs in {what}: resume with its settings and text, or "
                "start over with resume=False (--no-resume)"
            )
        self.forget()
        write_json(self.run, wanted)
        return False

    def keep_best(self, place: int) -> None:
        """Remove best vectors that were saved after the checkpoint from which the run resumes."""
        for path in self.best.glob("step-*"):
            if int(path.name.removeprefix("step-")) > place:
                shutil.rmtree(path, ignore_errors=True)

    def forget(self) -> None:
        """Remove checkpoints and the files that only resuming needs; the encoded text stays."""
        for stale in (self.checkpoints, self.best, self.renumbered, self.other):
            shutil.rmtree(stale, ignore_errors=True)

    def remove(self) -> None:
        """Remove all that runs wrote, and the folder if nothing else is in it."""
        self.forget()
        shutil.rmtree(self.cooccurrences, ignore_errors=True)
        for file in (self.run, self.metrics, *(self.corpus / name for name in FILES)):
            file.unlink(missing_ok=True)
        self.remove_empty()

    def remove_empty(self) -> None:
        """Remove the folder if it is empty."""
        for folder in (self.corpus, self.path):
            with suppress(OSError):
                folder.rmdir()


def _differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Return what differs between two runs, in words."""
    differ = sorted(name for name in {*found, *wanted} - {SOURCE} if found.get(name) != wanted.get(name))
    told = [(name, *(run.get(SOURCE if name == "text" else name) for run in (found, wanted))) for name in differ]
    return ", ".join(f"{name} ({old}, now {new if new != old else 'changed'})" for name, old, new in told)


@contextmanager
def work_folder(path: str | Path | None) -> Generator[WorkFolder]:
    """Open a working folder, created if missing, for one process at a time; None for a temporary one.

    Raises
    ------
    ConfigError
        If it is not a path, holds other files that a run would remove, or is in use by another run.
    DataError
        If it cannot be written.
    """
    if path is None:
        with TemporaryDirectory(prefix="mt2st-vectors-") as temporary:
            yield WorkFolder(Path(temporary))
        return
    if not isinstance(path, str | PathLike):
        raise ConfigError(f"folder must be a path, or None for a temporary folder, {path!r} found")
    folder = Path(path)
    with disk_errors(folder):
        new, place = not folder.exists(), WorkFolder(folder)
        with refusing_others(folder, f"{folder} is in use", ANOTHER):
            place.check()
            try:
                yield place
            finally:
                if new:
                    place.remove_empty()
