"""The content of the page and the model card about a result: headline figures, work by task, tables of measures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mt2st.errors import counted
from mt2st.report.measures import majority_share, share_interval
from mt2st.report.record import Json, RunRecord, section
from mt2st.report.wording import count, duration, measure, number, percent, score

SPAN_F1 = "span_f1"
MEASURES = (
    "accuracy",
    *(f"{mean}_{name}" for mean in ("macro", "weighted") for name in ("precision", "recall", "f1")),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name and a note."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A row of the table of work; ``part`` is its share of the longest row's seconds, for its bar."""

    name: str
    role: str
    seconds: str
    part: float
    ran: str = ""
    skipped: str = ""
    share_skipped: str = ""
    examples: str = ""
    words: str = ""


def headline(result: Json) -> list[Fact]:
    """Return the figures at the top of the page."""
    test, seconds, best = section(result, "test"), section(result, "seconds"), section(result, "best")
    facts = [Fact("Test accuracy", score(test.get("accuracy")), accuracy_note(test))]
    if SPAN_F1 in test:
        facts.insert(0, Fact("Test span F1", score(test[SPAN_F1]), "over all spans, whatever their type"))
    elif "macro_f1" in test or not test:
        facts.append(Fact("Test macro F1", score(test.get("macro_f1")), "plain mean over the classes" if test else ""))
    if best:
        name, value = best_score(result)
        facts.append(Fact("Best on development", score(value), f"{measure(name)}, at step {count(best.get('step'))}"))
    evaluation = number(seconds.get("evaluation"))
    facts.append(
        Fact(
            "Training time",
            duration(seconds.get("training")),
            "" if math.isnan(evaluation) else f"and {duration(evaluation)} of evaluation",
        )
    )
    facts.append(Fact("Steps", count(result.get("steps")), f"of {count(result.get('total_steps'))} planned"))
    return facts


def best_score(result: Json) -> tuple[str, Any]:
    """Return the measure that training used, and its best value on the development part."""
    found = [(name, value) for name, value in section(result, "best").items() if name != "step"]
    return found[0] if found else ("accuracy", None)


def accuracy_note(part: Json) -> str:
    """Return the interval of a part's accuracy and the number of its examples."""
    accuracy, examples = number(part.get("accuracy")), number(part.get("examples"))
    if not part:
        return "not evaluated yet"
    if math.isnan(accuracy) or not examples >= 1:
        return ""
    low, high = share_interval(accuracy, int(examples))
    what = "all labels of a text, " if "gold" in part else ""
    return f"{what}95% interval {score(low)} to {score(high)}, n = {count(examples)}"


def guess_note(part: Json) -> str:
    """Return a note on the accuracy of always guessing the most frequent class or tag, empty if unknown."""
    share, guessed = majority_share(part), "tag" if "majority" in part else "class"
    return "" if share is None else f"always guessing the most frequent {guessed} has accuracy {score(share)}"


def measure_rows(result: Json) -> list[Fact]:
    """Return each measure's name with its value on the test and (as the note) on the development part."""
    test, development = section(result, "test"), section(result, "development")
    # A tagger has only the first two.
    keys = [key for key in (SPAN_F1, *MEASURES) if key in test] or MEASURES
    return [Fact(measure(key), score(test.get(key)), score(development.get(key))) for key in keys]


def baseline_rows(result: Json) -> list[tuple[str, str, str]]:
    """Return strategy, test accuracy and seconds of this run and its baselines; empty without baselines."""
    others = section(result, "baselines")
    if not others:
        return []
    test = section(result, "test")
    own = (test.get(SPAN_F1, test.get("accuracy")), section(result, "seconds").get("training"))
    known = {
        str(result.get("strategy")): own,
        **{name: (o.get("test"), o.get("seconds")) for name, o in others.items()},
    }
    return [(name, score(accuracy), duration(number(seconds))) for name, (accuracy, seconds) in known.items()]


def work_rows(run: RunRecord) -> list[Work]:
    """Return the work of every task, of the rest of training and of evaluation."""
    total, entries = section(run.result, "seconds"), section(run.result, "work")
    tasks = {name: _task_seconds(run.result, name) for name in run.tasks}
    compared = number(total.get("comparison", 0))
    rest = number(total.get("training")) - compared - math.fsum(_known(tasks).values())
    others = {"rest of training": rest, "comparing gradients": compared, "evaluation": number(total.get("evaluation"))}
    longest = max([1e-9, *_known(tasks).values(), *_known(others).values()])
    rows = [_work(name, section(entries, name), seconds, longest) for name, seconds in tasks.items()]
    return rows + [Work(name, "", duration(s), s / longest) for name, s in _known(others).items() if s > 0]


def spared(result: Json) -> str:
    """Return the share of the auxiliaries' updates that was skipped, empty if there were none."""
    entries = [entry for entry in section(result, "work").values() if entry.get("role") == "auxiliary"]
    skipped = math.fsum(number(entry.get("skipped", 0)) for entry in entries)
    steps = skipped + math.fsum(number(entry.get("ran", 0)) for entry in entries)
    return percent(skipped / steps) if steps > 0 else ""


def not_finite(result: Json) -> list[str]:
    """Return a sentence for every task with infinite or NaN losses."""
    counts = {name: number(entry.get("not_finite")) for name, entry in section(result, "work").items()}
    return [
        f"{name}: left out as not finite: {counted(value, 'loss', 'losses')}"
        for name, value in counts.items()
        if value > 0
    ]


def data_rows(result: Json) -> list[tuple[str, str]]:
    """Return names and sizes of the parts of the data, including skipped rows."""
    rows = []
    for name, value in section(result, "data").items():
        nested = value.items() if isinstance(value, Mapping) else ((None, value),)
        rows += [(_data_name(name, inner), _plain(size)) for inner, size in nested]
    return rows


def environment_rows(result: Json) -> list[tuple[str, str]]:
    """Return the environment of the run, by name."""
    return [(name.replace("_", " "), str(value)) for name, value in section(result, "environment").items()]


def _work(name: str, entry: Json, seconds: float, longest: float) -> Work:
    ran, skipped = number(entry.get("ran")), number(entry.get("skipped"))
    share = skipped / (ran + skipped) if ran + skipped > 0 else math.nan
    return Work(
        name, str(entry.get("role", "")), duration(seconds), 0.0 if math.isnan(seconds) else seconds / longest,
        count(ran), count(skipped), percent(share), count(entry.get("examples")), count(entry.get("words")),
    )  # fmt: skip


def _task_seconds(result: Json, name: str) -> float:
    ours = number(section(section(result, "work"), name).get("seconds"))
    return number(section(section(result, "seconds"), "tasks").get(name)) if math.isnan(ours) else ours


def _known(seconds: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in seconds.items() if not math.isnan(value)}


def _data_name(name: str, inner: Any) -> str:
    name = name.replace("_", " ")
    return name if inner is None else f"{name}: {inner}"


def _plain(value: Any) -> str:
    return str(value) if math.isnan(number(value)) and value is not None else count(value)
