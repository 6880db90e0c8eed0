"""Progress of a search, and writing its trials, a line of JSON each."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mt2st.cli.progress import WorkDisplay
from mt2st.errors import counted

if TYPE_CHECKING:
    from mt2st.estimators.tuning.trial import Trial, Tuning


class TuningDisplay(WorkDisplay):
    """Shows the progress of a search, and writes each trial when it ends.

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
        from mt2st.estimators.tuning.autotune import SECONDS

        self.path, self.counts = path, how["seconds"] is None and how["trials"] is not None
        total, unit = (how["trials"], "trial") if self.counts else (how["seconds"] or SECONDS, "second")
        super().__init__(total, unit, quiet=quiet)
        self.begin("trying the defaults")

    def on_trial(self, trial: Trial, tuning: Tuning) -> None:
        """Write a trial and show the progress."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(trial.as_dict()) + "\n")
            file.flush()
            os.fsync(file.fileno())
        ranked = tuning.ranked()
        best = f"best {ranked[0].score:.3f}" if ranked else "none small enough yet"
        done = len(tuning.trials) if self.counts else tuning.work
        self.reach(done, best if self.counts else f"{counted(len(tuning.trials), 'trial')}, {best}")
