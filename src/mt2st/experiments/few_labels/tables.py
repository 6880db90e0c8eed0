"""The tables of the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from mt2st.experiments.few_labels.cells import FewLabelsCell
from mt2st.experiments.few_labels.contenders import CONTENDERS, OURS
from mt2st.experiments.outcomes import Outcome
from mt2st.experiments.tables import Table, plus_minus

Found = Mapping[FewLabelsCell, Outcome]
RIVALS = tuple(name for name in CONTENDERS if name not in OURS)


def all_tables(found: Found) -> list[Table]:
    """Return accuracies, differences to the best rival, and seconds, with a row for each set and number of labels."""
    settings = by_setting(found)
    if not settings:
        return []
    return [accuracies(settings), differences(settings), seconds(settings)]


def by_setting(found: Found) -> dict[str, dict[str, Outcome]]:
    """Return outcomes by contender, by set and number of labels, in the order of the sets."""
    settings: dict[str, dict[str, Outcome]] = {}
    for cell, outcome in found.items():
        settings.setdefault(cell.setting, {})[cell.contender] = outcome
    return settings


def best_rival(contenders: Mapping[str, Outcome]) -> str | None:
    """Return the rival of best mean on the test rows, a choice in its favour, or None if none is finished."""
    rivals = [name for name in RIVALS if name in contenders]
    return max(rivals, key=lambda name: fmean(contenders[name].values()), default=None)


def accuracies(settings: Mapping[str, Mapping[str, Outcome]]) -> Table:
    """Return the mean accuracy of each contender with half of its 95% interval."""
    rows = [
        [setting, *(plus_minus(own[name].interval()) if name in own else "-" for name in CONTENDERS)]
        for setting, own in settings.items()
    ]
    return Table("Test accuracy", ("set, labels", *CONTENDERS), rows)


def differences(settings: Mapping[str, Mapping[str, Outcome]]) -> Table:
    """Return the differences of ours to the best rival, paired by split."""
    rows = []
    for setting, own in settings.items():
        best = best_rival(own)
        if best is not None:
            theirs = own[best]
            each = [format(own[name].minus(theirs), "+.3f") if name in own else "-" for name in OURS]
            rows.append([setting, best, *each])
    return Table("Minus the best rival, with its 95% interval", ("set, labels", "best rival", *OURS), rows)


def seconds(settings: Mapping[str, Mapping[str, Outcome]]) -> Table:
    """Return the mean seconds of each contender, including its own search."""
    rows = [
        [setting, *(f"{own[name].seconds:.2f}" if name in own else "-" for name in CONTENDERS)]
        for setting, own in settings.items()
    ]
    return Table("Seconds of the processor to tune and train", ("set, labels", *CONTENDERS), rows)
