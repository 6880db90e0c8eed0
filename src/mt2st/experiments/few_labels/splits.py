"""The training rows, test rows and additional text, the same for all contenders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from mt2st.datasets import DATASETS
from mt2st.experiments.few_labels.sets import SETS
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.text import Example, read_examples
from mt2st.text.files import read_lines
from mt2st.training.settings import default_settings, parse_settings
from mt2st.training.sources import load_examples
from mt2st.training.split import draw_labelled, split_documents

LARGEST_TEST, FIXED_SEED = 2000, 0


@dataclass(frozen=True)
class Split:
    """One draw of labels.

    Attributes
    ----------
    texts, labels
        For training.
    test_texts, test_labels
        For a single evaluation.
    unlabelled
        The set's other rows without their labels, then further text.
    auxiliary
        Texts and labels of other sets, by name. No field above or this one contains a text of the test rows.
    """

    texts: list[str]
    labels: list[str]
    test_texts: list[str]
    test_labels: list[str]
    unlabelled: list[str]
    auxiliary: dict[str, tuple[list[str], list[str]]]


def make_split(source: Path, sizes: Sizes, name: str, labels: int | None, number: int) -> Split:
    """Return the split of a number.

    Parameters
    ----------
    source
        The folder of the real data.
    sizes
        Sizes of the comparison.
    name
        A key of `SETS`.
    labels
        Number of rows that keep their labels, including every class; None for all.
    number
        Seed of the choice of rows, and of test rows unless the set's are fixed.
    """
    training, test = _parts(source, name, number)
    test = test[: sizes.test]
    judged = {example.text for example in test}
    rows = [example for example in training if example.text not in judged]
    drawn = draw_labelled(labels_of(rows), labels, number)
    chosen, taken = [rows[place] for place in drawn], set(drawn)
    rest = [example.text for place, example in enumerate(rows) if place not in taken]
    further = [line for line in _lines(source, SETS[name].text, sizes.text) if line not in judged]
    helpers = {
        helper: [example for example in _examples(source, SETS[helper].data) if example.text not in judged]
        for helper in SETS[name].helpers
    }
    return Split(
        *(texts_of(chosen), labels_of(chosen), texts_of(test), labels_of(test), rest + further),
        auxiliary={helper: (texts_of(own), labels_of(own)) for helper, own in helpers.items()},
    )


def texts_of(examples: Sequence[Example]) -> list[str]:
    """Return the texts."""
    return [example.text for example in examples]


def labels_of(examples: Sequence[Example]) -> list[str]:
    """Return the labels."""
    return [str(example.label) for example in examples]


def _parts(source: Path, name: str, number: int) -> tuple[list[Example], list[Example]]:
    own = SETS[name]
    examples = _examples(source, own.data)
    if own.held_out is not None:
        return examples, _examples(source, own.held_out)
    size = own.test or min(LARGEST_TEST, len(examples) // 5)
    parts = split_documents(examples, 0, size, number if own.test is None else FIXED_SEED)
    return parts.training, parts.test


@cache
def _examples(source: Path, data: str) -> list[Example]:
    if data in DATASETS:
        primary = parse_settings(default_settings(data)).primary
        return load_examples(primary, data, on_bad_rows="error", require_labels=True).examples
    return read_examples(source / data, on_bad_rows="skip", require_labels=True).examples


@cache
def _lines(source: Path, file: str | None, most: int | None) -> list[str]:
    return [] if file is None else [line.text for line in islice(read_lines(str(source / file)), most)]
