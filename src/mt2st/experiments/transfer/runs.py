"""The settings of a trial, and its training in a worker process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mt2st.errors import DataError
from mt2st.experiments.training import processor_timed, train_once
from mt2st.experiments.transfer.methods import THEIRS, trial_settings
from mt2st.experiments.transfer.primaries import ALL, PRIMARIES, primary_settings
from mt2st.experiments.transfer.sizes import Sizes
from mt2st.text.files import read_lines
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.settings import Settings, parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mt2st.experiments.trials import Trial
    from mt2st.training.job import Job
    from mt2st.training.loop import Trainer

_here: dict[str, Any] = {}


def check_data(source: Path) -> None:
    """Raise `DataError` if a folder lacks a file.

    Raises
    ------
    DataError
        With the names of the missing files.
    """
    wanted = dict.fromkeys([*ALL, *(primary.text for primary in PRIMARIES.values())])
    missing = [name for name in wanted if not (source / name).exists()]
    if missing:
        raise DataError(
            f"missing: {', '.join(missing)}; give the folder that has them with --data, or in MT2ST_DATA", path=source
        )


def prepare(source: Path, folder: Path, sizes: Sizes) -> None:
    """Write the first lines of each language model's text, if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(primary.text for primary in PRIMARIES.values()):
        path = text_file(folder, name)
        if not path.exists():
            partial = path.with_suffix(".part")
            partial.write_text("".join(f"{line}\n" for line in _first(source / name, sizes.words)), encoding="utf-8")
            partial.replace(path)


def _first(path: Path, words: int) -> Iterator[str]:
    """Yield lines up to about this number of words, separated by white space."""
    for line in read_lines(str(path)):
        yield line.text
        words -= len(line.text.split())
        if words <= 0:
            return


def text_file(folder: Path, name: str) -> Path:
    """Return the file of the lines drawn from a text."""
    return folder / f"{name.replace('/', '-')}.txt"


def settings_of(source: Path, folder: Path, sizes: Sizes, primary: str, method: str, trial: int, seed: int) -> Settings:
    """Return the settings of one training."""
    values = primary_settings(primary, source, text_file(folder, PRIMARIES[primary].text), sizes)
    chosen = trial_settings(method, trial)
    training = {"steps": sizes.steps, "interval": sizes.steps // sizes.intervals, "seed": seed, "on_bad_rows": "skip"}
    model = {**values["model"], **chosen["model"]}
    return parse_settings({**values, "model": model, "strategy": chosen["strategy"], "training": training})


def begin(source: Path, folder: Path, sizes: Sizes) -> None:
    """Prepare a worker process."""
    import torch

    torch.set_num_threads(1)
    _here.update(source=source, folder=folder, sizes=sizes)


@cache
def _corpus(primary: str) -> Corpus:
    return load_corpus(settings_of(**_here, primary=primary, method="single", trial=0, seed=1))


def run(trial: Trial) -> dict[str, Any]:
    """Train one method on one primary."""
    cell = trial.cell
    settings = settings_of(**_here, primary=cell.primary, method=cell.method, trial=int(trial.rate), seed=trial.seed)

    def combined(job: Job) -> Trainer:
        from mt2st.experiments.transfer.combined import CombinedTrainer  # needs torchjd

        return CombinedTrainer(job, cell.method)

    trainer_of = combined if cell.method in THEIRS else processor_timed
    return train_once(_corpus(cell.primary), settings, with_test=not trial.searching, trainer_of=trainer_of)
