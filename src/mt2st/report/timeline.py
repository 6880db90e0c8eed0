"""The timeline of a run: its phases and events."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from mt2st.report.record import RunRecord
from mt2st.report.wording import count


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive records of one phase; ``until`` is the step of the next phase's event or of the last record."""

    name: str
    until: str


def phases_of(run: RunRecord) -> list[Stretch]:
    """Return the phases in order, as far as the records distinguish them.

    Examples
    --------
    >>> records = [{"step": 20, "phase": "multi-task"}, {"step": 40, "phase": "single-task"}]
    >>> [(phase.name, phase.until) for phase in phases_of(RunRecord("", {}, tuple(records)))]
    [('multi-task', '20'), ('single-task', '40')]
    """
    stretches: list[Stretch] = []
    for record in run.intervals:
        if not record.get("phase"):
            continue
        stretch = Stretch(str(record["phase"]), count(record.get("step")))
        if stretches and stretches[-1].name == stretch.name:
            stretches.pop()
        stretches.append(stretch)
    turns = {str(event.get("event")): count(event.get("step")) for event in run.events}
    names = [stretch.name for stretch in stretches]
    following = zip_longest(stretches, names[1:])
    return [Stretch(stretch.name, turns.get(str(after), stretch.until)) for stretch, after in following]


def events_of(run: RunRecord) -> list[tuple[str, str]]:
    """Return step and text of every event, in the order of their numbers in the plots."""
    return [(count(event.get("step")), str(event.get("text") or event.get("event"))) for event in run.events]
