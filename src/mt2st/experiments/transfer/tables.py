"""The tables of the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from mt2st.evaluation import mean_interval, paired_difference
from mt2st.experiments.outcomes import Outcome
from mt2st.experiments.tables import Table, plus_minus
from mt2st.experiments.transfer.methods import METHODS, OWN, THEIRS, TransferCell, trial_settings

Found = Mapping[TransferCell, Outcome]
SINGLE, HALF_A_POINT = "single", 0.005
# The rivals that feedback and the automatic switch, without tuning, should equal.
RIVALS = ("single", "pretrain", "constant", *THEIRS)
TUNED = ("constant", "pretrain")
UNTOLD = ("feedback", "switch auto")


def all_tables(found: Found) -> list[Table]:
    """Return the summary, the comparison with the target, and a table per primary."""
    by_primary: dict[str, dict[str, Outcome]] = {}
    for cell, outcome in found.items():
        by_primary.setdefault(cell.primary, {})[cell.method] = outcome
    whole = {name: methods for name, methods in by_primary.items() if SINGLE in methods}
    complete = {name: methods for name, methods in whole.items() if set(methods) >= set(METHODS)}
    tables = [summary(complete), target(complete)] if complete else []
    return tables + [primary_table(name, methods) for name, methods in whole.items()]


def summary(primaries: Mapping[str, Mapping[str, Outcome]]) -> Table:
    """Return each method's score on every primary, their mean, and the difference to the primary alone."""
    rows = []
    for method in METHODS:
        outcomes = [methods[method] for methods in primaries.values()]
        single = _by_seed([methods[SINGLE] for methods in primaries.values()])
        values = _by_seed(outcomes)
        each = [f"{fmean(outcome.values()):.3f}" for outcome in outcomes]
        difference = "" if method == SINGLE else plus_minus(paired_difference(values, single), "+.3f")
        seconds = f"{sum(outcome.seconds for outcome in outcomes):.1f}"
        rows.append([method, *each, plus_minus(mean_interval(values)), difference, seconds])
    columns = ("method", *primaries, "mean", "minus single", "seconds, all")
    return Table("Span F1 of names, accuracy of all else", columns, rows)


def target(primaries: Mapping[str, Mapping[str, Outcome]]) -> Table:
    """Return the untuned methods against the best rival of each primary, selected afterwards."""
    rows = []
    for name, methods in primaries.items():
        best, tuned = (_best(methods, rivals) for rivals in (RIVALS, TUNED))
        for method in UNTOLD:
            difference = plus_minus(methods[method].minus(methods[best]), "+.3f")
            shares = [_share_of_time(methods[method], methods[rival]) for rival in TUNED]
            rows.append([name, method, best, difference, tuned, *shares])
    times = [f"of {rival}'s time to its best - {HALF_A_POINT}" for rival in TUNED]
    columns = ("primary", "method", "best rival", "minus best rival", "better of the two", *times)
    return Table("Nothing chosen by hand, against the best rival", columns, rows)


def _best(methods: Mapping[str, Outcome], rivals: Sequence[str]) -> str:
    return max(rivals, key=lambda rival: fmean(methods[rival].values()))


def _share_of_time(mine: Outcome, theirs: Outcome) -> str:
    """Return the seconds to the other's best score less half a point, relative to the other's seconds to it."""
    reached, own = mine.seconds_to(theirs, HALF_A_POINT), theirs.seconds_to(theirs, HALF_A_POINT)
    return "never" if reached is None or not own else f"{reached / own:.2f}"


def primary_table(name: str, methods: Mapping[str, Outcome]) -> Table:
    """Return the methods of one primary: score, cost, and what each reaches in the time of the primary alone."""
    single = methods[SINGLE]
    rows = []
    for method, outcome in methods.items():
        difference = "" if method == SINGLE else plus_minus(outcome.minus(single), "+.3f")
        reached = outcome.seconds_to(single)
        within = f"{outcome.best_within(single.seconds):.3f}"
        chosen = trial_settings(method, int(outcome.rate))
        own = OWN[method][0] if method in OWN else None
        search = f"{chosen['model']['rate']:g} / {chosen['model']['table_rate']:.2g}"
        search += "" if own is None else f" / {own} {chosen['strategy'][own]:.2g}"
        costs = f"{outcome.seconds:.1f}", "never" if reached is None else f"{reached:.1f}", within, search
        rows.append([method, plus_minus(outcome.interval()), difference, *costs])
    columns = (
        "method",
        "test",
        "minus single",
        "seconds",
        "to single's best",
        "dev in single's time",
        "rate / table's",
    )
    return Table(name, columns, rows)


def _by_seed(cells: Sequence[Outcome]) -> list[float]:
    """Return each seed's mean over primaries."""
    return [fmean(values) for values in zip(*(each.values() for each in cells), strict=True)]
