"""A short model card in Markdown: purpose, measures, data and limits of the model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mt2st.report.measures import class_measures, confusion_of, labels_of
from mt2st.report.record import Json, section
from mt2st.report.summary import accuracy_note, data_rows, guess_note, measure_rows
from mt2st.report.wording import count, duration, inline, moment, score

_LIMITS = """- The interval above speaks of the choice of test examples alone, not of other training labels or seeds.
- Measured on text like the training text. On other topics, times or languages it will do worse; measure it there first.
- It repeats whatever bias its labels and texts have, and gives no reasons.
- Not for decisions about people without a person who checks them."""


def model_card(result: Json, config_text: str) -> str:
    """Return the Markdown text of ``model/README.md``.

    Parameters
    ----------
    result
        The content of ``result.json``; missing keys are omitted from the card.
    config_text
        The content of ``config.toml``.

    Examples
    --------
    >>> print(model_card({"primary": "products", "strategy": "switch"}, "").splitlines()[7])
    # products
    """
    parts = [
        "---\nlibrary_name: mt2st\ntags:\n- text-classification\n- multi-task-learning\n---",
        _task(result),
        f"## Measures\n\n{_measures(section(result, 'test'), result)}",
        f"## Data\n\n{_table(('part', 'size'), data_rows(result)) or 'Not recorded.'}",
        f"## Limits\n\n{_LIMITS}",
        f"## Training\n\n{_training(result)}\n\n{_fenced(config_text)}",
        "## Licence\n\nNot set. Whoever publishes this model names its licence here, after looking at the data's.",
    ]
    return "\n\n".join(parts) + "\n"


def _task(result: Json) -> str:
    primary = inline(str(result.get("primary", "the primary task")))
    labels = section(result, "test").get("labels") or section(result, "development").get("labels") or ()
    sorts = f" as one of {len(labels)} classes: {', '.join(inline(str(label)) for label in labels)}" if labels else ""
    helpers = [inline(name) for name, entry in section(result, "work").items() if entry.get("role") == "auxiliary"]
    helped = f" with {', '.join(helpers)}" if helpers else ""
    strategy = inline(str(result.get("strategy", "")))
    return f"# {primary}\n\nLabels a text{sorts}. Trained{helped} by mt2st, strategy {strategy}."


def _measures(test: Json, result: Json) -> str:
    if not test:
        return "Not evaluated on a test part."
    notes = "; ".join(note for note in (accuracy_note(test), guess_note(test)) if note)
    rows = [(fact.name, fact.value) for fact in measure_rows(result)]
    table = _table(("measure", f"test part (n = {count(test.get('examples'))})"), rows)
    confusion = confusion_of(test)
    if confusion is None:
        return f"{table}\n\nAccuracy: {notes}."
    classes = class_measures(labels_of(test, len(confusion)), confusion)
    per_class = [(c.label, score(c.precision), score(c.recall), score(c.f1), count(c.support)) for c in classes]
    return f"{table}\n\nAccuracy: {notes}.\n\n" + _table(("class", "precision", "recall", "F1", "examples"), per_class)


def _training(result: Json) -> str:
    seconds, environment = section(result, "seconds"), section(result, "environment")
    stopped = f", stopped: {inline(str(result['stopped']))}" if result.get("stopped") else ""
    processor = inline(str(environment.get("processor") or "a processor not recorded"))
    return (
        f"{count(result.get('steps'))} of {count(result.get('total_steps'))} steps in "
        f"{duration(seconds.get('training'))} on {processor}, "
        f"{moment(environment.get('date'))}{stopped}. All settings:"
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    lines = [head, ("---", *("---:" for _ in head[1:])), *(tuple(map(inline, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}toml\n{text.rstrip()}\n{fence}"
