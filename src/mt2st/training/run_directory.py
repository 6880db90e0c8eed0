"""The folder of one run, which only one process at a time may write to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from mt2st.errors import ConfigError
from mt2st.folder_lock import refusing_others
from mt2st.models import TaggingModel, TextModel
from mt2st.training.settings import Settings, dump_settings, load_settings, parse_settings
from mt2st.whole_file import write_whole

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors

RUNS = Path("runs")


@dataclass(frozen=True)
class RunDirectory:
    """The folder to which a run writes.

    ``config.toml`` (resolved settings), ``metrics.jsonl``, ``checkpoint/``, ``result.json``, ``mistakes.json``
    (misclassified test texts), ``model/``, ``vectors.safetensors`` and ``report.html``.
    """

    path: Path

    @property
    def config(self) -> Path:
        """Return the path of the resolved settings."""
        return self.path / "config.toml"

    @property
    def metrics(self) -> Path:
        """Return the path of the records."""
        return self.path / "metrics.jsonl"

    @property
    def checkpoints(self) -> Path:
        """Return the folder of the checkpoints."""
        return self.path / "checkpoint"

    @property
    def result(self) -> Path:
        """Return the path of the result."""
        return self.path / "result.json"

    @classmethod
    def create(cls, path: Path | None, settings: Settings) -> RunDirectory:
        """Create a new folder with the settings in it: the given one, or the next free number under ``runs/``.

        Raises
        ------
        ConfigError
            If the given folder is not empty, or cannot be created.
        """
        check_free(path)
        try:
            run = cls(path or make_next(f"{settings.primary.name}-{settings.strategy.name}"))
            run.path.mkdir(parents=True, exist_ok=True)
            write_whole(run.config, dump_settings(settings).encode())
        except OSError as error:
            place = path or RUNS
            raise ConfigError(f"cannot write to {place} ({error.strerror}): give another folder with --out") from error
        return run

    @classmethod
    @contextmanager
    def begun(cls, path: Path | None, settings: Settings) -> Iterator[RunDirectory]:
        """Create a folder as `create` does, and remove it if the ``with`` block fails before the first checkpoint.

        Settings that turn out not to fit the data then neither occupy the folder nor are taken for a run to resume.
        """
        existed = path is not None and path.exists()
        run = cls.create(path, settings)
        try:
            yield run
        except BaseException:
            if not any(run.checkpoints.glob("step-*")):
                run._clear(whole=not existed)
            raise

    def _clear(self, *, whole: bool) -> None:
        with suppress(OSError):  # the error that led here is the one to tell
            rmtree(self.checkpoints, ignore_errors=True)
            for file in self.path.iterdir():
                file.unlink()
            if whole:
                self.path.rmdir()

    @classmethod
    def find(cls, path: Path | None) -> RunDirectory:
        """Return the given run, or the newest one under ``runs/``.

        Raises
        ------
        ConfigError
            If there is no run to resume.
        """
        if path is None:
            configs = (config for config in RUNS.glob("*/config.toml") if not _compares(config.parent))
            found = sorted(configs, key=lambda config: config.stat().st_mtime)
            if not found:
                raise ConfigError(
                    f"there is no run under {RUNS}/ to resume: give its folder with --out, or leave out --resume"
                )
            path = found[-1].parent
        if not (path / "config.toml").is_file():
            raise ConfigError(f"{path} holds no run to resume (no config.toml): check --out, or leave out --resume")
        if _compares(path):
            raise ConfigError(f"{path} holds a comparison, not a run to resume: check --out, or leave out --resume")
        return cls(path)

    def being_trained(self) -> AbstractContextManager[None]:
        """Lock the run for a ``with`` block, so that no other process can train in it.

        Raises
        ------
        ConfigError
            If another process trains in it.
        """
        return refusing_others(self.checkpoints, f"{self.path} is being trained", "give another run with --out")

    def settings(self) -> Settings:
        """Return the stored settings."""
        return parse_settings(load_settings(self.config), source=str(self.config))

    def save_model(self, model: TextModel | TaggingModel) -> None:
        """Write ``model/``."""
        folder = self.path / "model"
        folder.mkdir(exist_ok=True)
        for name, data in model.files().items():
            write_whole(folder / name, data)

    def save_vectors(self, vectors: WordVectors) -> None:
        """Write ``vectors.safetensors``, unless there are no words."""
        from mt2st.embeddings.formats import save_vectors  # compiles, or loads, its kernels

        if len(vectors):
            save_vectors(vectors, self.path / "vectors.safetensors")

    def save_card(self, card: str) -> None:
        """Write ``model/README.md``."""
        write_whole(self.path / "model" / "README.md", card.encode())

    def save_result(self, result: Mapping[str, Any]) -> None:
        """Write ``result.json``."""
        write_whole(self.result, json.dumps(result, indent=2).encode())

    def save_mistakes(self, mistakes: Mapping[str, Any]) -> None:
        """Write ``mistakes.json``: misclassified test texts, for the page."""
        write_whole(self.path / "mistakes.json", json.dumps(mistakes, indent=1).encode())


def check_free(path: Path | None, *, resumes: bool = True) -> None:
    """Refuse a folder that is not empty; None, which stands for the next free one, passes.

    ``resumes`` says whether the calling command can resume what is there.
    """
    if path is not None and path.exists() and (not path.is_dir() or any(path.iterdir())):
        remedy = "continue it with --resume, or give another --out" if resumes else "give another --out"
        raise ConfigError(f"{path} exists and is not empty: {remedy}")


def _compares(folder: Path) -> bool:
    return (folder / "comparison.json").exists()


def make_next(name: str) -> Path:
    """Create the folder with a name's next number under ``runs/``; if another process was first, the one after."""
    name = re.sub(r"[^\w.-]+", "-", name)
    taken = [path.name.rpartition("-")[2] for path in RUNS.glob(f"{name}-*")]
    for number in count(max((int(n) for n in taken if n.isdigit()), default=0) + 1):
        with suppress(FileExistsError):
            (path := RUNS / f"{name}-{number:03d}").mkdir(parents=True)
            break
    return path
