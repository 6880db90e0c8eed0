"""What is shown and kept while settings are tried: a line with the time left, and a line of JSON a trial."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mt2st.estimators.tuning.trial import Trial, Tuning


class TuningDisplay:
    """Shows how far a search is, and writes each trial as it ends.

    Parameters
    ----------
    path
        The file of the trials.
    how
        The parameters of the search, for its budget.
    quiet
        Whether to show nothing.
    """

    def __init__(self, path: Path, how: dict[str, Any], *, quiet: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        from mt2st.cli.tables import console
        from mt2st.estimators.tuning.autotune import SECONDS

        columns = (TextColumn("{task.description:<36}"), BarColumn(), TimeRemainingColumn(), TextColumn("left"))
        self.path, self.counts = path, how["seconds"] is None and how["trials"] is not None
        self.progress = Progress(*columns, console=console(stderr=True), disable=quiet)
        total = how["trials"] if self.counts else how["seconds"] or SECONDS
        self.bar = self.progress.add_task("trying the defaults", total=total)

    def __enter__(self) -> Self:
        self.progress.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.__exit__(kind, error, trace)

    def on_trial(self, trial: Trial, tuning: Tuning) -> None:
        """Write a trial and move the bar."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(trial.as_dict()) + "\n")
            file.flush()
            os.fsync(file.fileno())
        ranked = tuning.ranked()
        best = f"best {ranked[0].score:.3f}" if ranked else "none small enough yet"
        done = len(tuning.trials) if self.counts else tuning.work
        self.progress.update(self.bar, completed=done, description=f"{len(tuning.trials)} trials, {best}")
