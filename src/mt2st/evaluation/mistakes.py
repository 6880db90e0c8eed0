"""The most frequent confusions of labels, each with the examples that were misclassified most confidently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

# Numbers of kinds of confusion and of examples of each to show.
KINDS, EXAMPLES = 8, 3


class Mark(NamedTuple):
    """A span of a text, from character ``start`` to before ``stop``.

    Attributes
    ----------
    start, stop
        Its character offsets.
    value
        Its contribution to the log-odds of the predicted label against the true one; 0 if unknown.
    note
        A note to show with it, such as a token's true and predicted tag.
    """

    start: int
    stop: int
    value: float
    note: str = ""


class Near(NamedTuple):
    """A training text similar to an example."""

    text: str
    label: str
    cosine: float


@dataclass(frozen=True)
class Mistake:
    """A misclassified text.

    Attributes
    ----------
    text
        The text, cut if it is long.
    marks
        Marks of its words, in order.
    probability, true_probability
        The predicted probabilities of the predicted and the true label; None if unknown.
    near
        Similar training texts.
    before
        The log-odds of the predicted label against the true one before any word, so that they and what the words
        contribute give the probabilities; None if unknown.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    probability: float | None = None
    true_probability: float | None = None
    near: tuple[Near, ...] = ()
    before: float | None = None


@dataclass(frozen=True)
class Confusion:
    """Examples of one label that are misclassified as another.

    Attributes
    ----------
    true, predicted
        The labels.
    examples, of
        Number of these examples, and of all with the true label.
    mistakes
        Some of these examples.
    """

    true: str
    predicted: str
    examples: int
    of: int
    mistakes: tuple[Mistake, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the confusion as JSON values."""
        return asdict(self) | {
            "mistakes": [
                asdict(each) | {"marks": [list(mark) for mark in each.marks], "near": [list(own) for own in each.near]}
                for each in self.mistakes
            ]
        }

    @classmethod
    def of_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what `as_dict` wrote."""
        mistakes = [
            Mistake(
                **{
                    **each,
                    "marks": tuple(Mark(*mark) for mark in each["marks"]),
                    "near": tuple(Near(*own) for own in each["near"]),
                }
            )
            for each in values["mistakes"]
        ]
        return cls(**{**values, "mistakes": tuple(mistakes)})


class Confused(NamedTuple):
    """One kind of confusion: the two labels, the number of examples, and the indices of those to show."""

    true: int
    predicted: int
    examples: int
    shown: list[int]


def most_confused(
    gold: Sequence[int],
    predicted: Sequence[int],
    sure: Sequence[float],
    texts: Sequence[str] | None = None,
    *,
    kinds: int = KINDS,
    examples: int = EXAMPLES,
) -> list[Confused]:
    """Return the most frequent kinds of confusion, each with the examples misclassified most confidently.

    Parameters
    ----------
    gold, predicted
        The number of each example's label.
    sure
        The predicted label's probability.
    texts
        The examples' texts: of equal ones only one is shown. None if all differ.
    kinds, examples
        Maximum numbers of kinds and of examples of each.

    Examples
    --------
    >>> most_confused([0, 0, 1, 1], [1, 1, 1, 0], [0.6, 0.9, 0.8, 0.7], examples=1)
    [Confused(true=0, predicted=1, examples=2, shown=[1]), Confused(true=1, predicted=0, examples=1, shown=[3])]
    """
    found = defaultdict[tuple[int, int], list[int]](list)
    for place, pair in enumerate(zip(gold, predicted, strict=True)):
        if pair[0] != pair[1]:
            found[pair].append(place)
    frequent = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))[:kinds]
    return [Confused(*pair, len(places), surest(places, sure, texts)[:examples]) for pair, places in frequent]


def surest(places: Sequence[int], sure: Sequence[float], texts: Sequence[str] | None = None) -> list[int]:
    """Return indices in descending order of confidence, only the first of equal texts.

    Examples
    --------
    >>> surest([0, 1, 2], [0.5, 0.6, 0.7], ["a", "b", "b"])
    [2, 0]
    """
    order = sorted(places, key=lambda place: -sure[place])
    if texts is None:
        return order
    first = dict[str, int]()
    for place in order:
        first.setdefault(texts[place], place)
    return list(first.values())
