"""Warnings about a run that ended without an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mt2st.errors import counted
from mt2st.report.measures import majority_share, share_interval

if TYPE_CHECKING:
    from mt2st.training.settings import Settings


def run_warnings(result: dict[str, Any], settings: Settings) -> Iterator[str]:
    """Yield a sentence for each thing in a run's ``result.json`` that may be unintended."""
    yield from data_warnings(result["data"], settings.primary.labels)
    yield from _of_the_work(result["work"], result["stopped"])
    for name, reason in result["dropped"].items():
        yield f"{name} was dropped at {reason}"
    yield from _of_schedules(result, settings)
    yield from _of_what_waits(result, settings)
    yield from _of_the_score(result["test"], result["primary"])
    yield from _of_spans(result["test"], settings)


def data_warnings(data: dict[str, Any], labels: int | None) -> Iterator[str]:
    """Yield a sentence for each problem with the data used; ``labels`` is the number requested."""
    if labels is not None and labels > data["training"]:
        yield f"primary.labels is {labels:,}: only {data['training']:,} are there, and all are used"
    if not data["vocabulary"]:
        yield "no word occurs model.min_count times, so the model knows none: lower it, or split words by spaces"
    for source, reasons in data["skipped_rows"].items():
        counts = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items())
        yield f"{source}: rows left out: {counts}"


def _of_the_work(work: dict[str, Any], stopped: str | None) -> Iterator[str]:
    late = "give it more seconds (--max-seconds)"
    remedy = late if stopped == "out of time" else "let pretrain end before the run does (strategy.at)"
    for name, done in work.items():
        if done["role"] == "primary" and not done["ran"]:
            yield f"{name} was never trained: {remedy}"
        if done["not_finite"]:
            yield f"{name}: left out as not finite: {counted(done['not_finite'], 'loss', 'losses')}"


def _of_schedules(result: dict[str, Any], settings: Settings) -> Iterator[str]:
    """Warn of schedules that did not end before the run."""
    late = defaultdict[str, list[str]](list)
    for name, setting in result["unended"].items():
        if name not in result["dropped"]:
            own = name in settings.auxiliary and settings.auxiliary[name].strategy
            late[f"auxiliary.{name}.strategy.{setting}" if own else f"strategy.{setting}"].append(name)
    for setting, names in late.items():
        told = ", ".join(names)
        yield f"the run ended before {setting} was reached for {told}: set it before the last step, or train for longer"


def _of_what_waits(result: dict[str, Any], settings: Settings) -> Iterator[str]:
    """Warn of settings for the single-task phase if the run had none."""
    waiting = {
        "[freeze]": settings.freeze.share or settings.freeze.layers,
        "[convergence]": settings.convergence.on != "nothing",
    }
    found = " and ".join(name for name, set_ in waiting.items() if set_)
    if found and result["single_task_from"] == result["total_steps"]:
        yield f"auxiliaries ran to the last step, so that {found} had no effect: let them end before the run does"


def _of_the_score(test: dict[str, Any], primary: str) -> Iterator[str]:
    accuracy, guess = test["accuracy"], majority_share(test)
    if guess is not None and share_interval(accuracy, test["examples"])[1] < guess:
        yield (
            f"{primary}: test accuracy {accuracy:.3f} is under the {guess:.3f} of always guessing the most frequent "
            "answer: it has not learned; train longer (primary.passes), or at other learning rates"
        )


def _of_spans(test: dict[str, Any], settings: Settings) -> Iterator[str]:
    """Warn of a tagger that found no span of the test part, as with few sentences and large batches."""
    if "spans" in test and test["spans"]["micro"]["support"] and not test["span_f1"]:
        remedy = f"take more steps (training.steps, {settings.training.steps:,} here), so that batches are smaller"
        yield f"{settings.primary.name}: no span of the test part was found: {remedy}"
