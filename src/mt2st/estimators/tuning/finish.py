"""The end of a search: fitting the winner to all data, within the size limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mt2st.errors import ConfigError
from mt2st.estimators.tuning.sizes import size_text
from mt2st.estimators.tuning.tasks import Task, as_saved
from mt2st.estimators.tuning.trial import Tuning


def finish(task: Task, tuning: Tuning, choose: Callable[[], int | None]) -> Any:
    """Return the estimator fitted to all training data with the winning settings, and record which won.

    A model that is small enough when fitted to a part may be too large when fitted to all: then the next best wins.

    Raises
    ------
    ConfigError
        If all models are too large.
    """
    limit = tuning.size_limit
    while (chosen := choose()) is not None:
        tuning.chosen, best = chosen, tuning.trials[chosen]
        model = task.fit(best.settings, None)
        saved = as_saved(model, limit, can_quantize=task.can_quantize)
        too_large = limit is not None and (saved.size or 0) > limit
        why_not = f"{size_text(saved.size or 0)}, over {size_text(limit or 0)}" if too_large else None
        tuning.trials[chosen] = replace(best, size=saved.size, quantized=saved.quantized, why_not=why_not)
        if not too_large:
            return model
    raise _too_large(tuning)


def _too_large(tuning: Tuning) -> ConfigError:
    smallest = min((trial for trial in tuning.trials if trial.size is not None), key=lambda trial: trial.size or 0)
    settings = ", ".join(f"{name}={value!r}" for name, value in smallest.settings.items())
    return ConfigError(
        f"no model of {len(tuning.trials)} fits into {size_text(tuning.size_limit or 0)}: the smallest has "
        f"{size_text(smallest.size or 0)} ({settings}). Raise model_size, or train on fewer or shorter texts, "
        "as each word of the labelled ones is kept"
    )
