"""Which labelled tasks have the same texts, and so learn from the same batches in one run of the encoder."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from mt2st.tasks import TaggedRows
from mt2st.training.builders.carried_over import Texts, carry_over

if TYPE_CHECKING:
    from mt2st.tasks import Sampler

# The share of the first task's texts that a task must have to join it; the rest get no label of that task.
LEAST_SHARE = 0.9
Own = TypeVar("Own", bound=Texts)


class HasTexts(Protocol):
    """A task on labelled texts."""

    @property
    def sampler(self) -> Sampler:
        """Return the sampler of its batches."""
        ...

    @property
    def data(self) -> Texts:
        """Return its examples."""
        ...


class CommonTexts:
    """The labelled tasks built so far: a task with the texts of an earlier one is put in that one's order.

    A task shares batches with an earlier one if all its texts are among that one's, each at most as often, and make up
    at least nine tenths of them, in any order; and if both make the same number of passes. Two texts are the same if
    the encoder reads the same: word numbers and, for taggers, surface features. Tasks on whole texts share only with
    each other, and so do taggers. Texts that only the first task has get an unknown label for the other.

    If a text occurs twice, the labels of its occurrences may be swapped. That changes no loss, as heads see only the
    encoder's output for the text.
    """

    def __init__(self) -> None:
        self._first: list[HasTexts] = []

    def join(self, data: Own, passes: float) -> tuple[Own, HasTexts | None]:
        """Return the examples in the order of the first task that they can share with, and that task or None."""
        for task in self._first:
            if task.sampler.passes == passes:
                places = places_of(task.data, data)
                if places is not None:
                    return cast("Own", carry_over(data, task.data, places)), task
        return data, None

    def add(self, task: HasTexts) -> None:
        """Let later tasks share with this one, which shares with no earlier one."""
        self._first.append(task)


def places_of(texts: Texts, others: Texts) -> NDArray[np.int64] | None:
    """Return the index in ``others`` of each of ``texts``, or -1; None if the tasks cannot share batches.

    Examples
    --------
    >>> from mt2st.tasks import LabelledRows
    >>> from mt2st.text import Ragged
    >>> one, two = (LabelledRows(Ragged.from_lists(rows), np.zeros(3, np.int32), ("a",)) for rows in (
    ...     [[1, 2], [3], [1, 2]], [[3], [1, 2], [1, 2]]))
    >>> places_of(one, two)
    array([1, 0, 2])
    """
    if isinstance(texts, TaggedRows) != isinstance(others, TaggedRows):
        return None
    if not LEAST_SHARE * len(texts) <= len(others) <= len(texts):
        return None
    where: dict[bytes, deque[int]] = defaultdict(deque)
    for place, text in enumerate(as_read(others)):
        where[text].append(place)
    found = [where[text].popleft() if where.get(text) else -1 for text in as_read(texts)]
    return None if any(where.values()) else np.array(found, np.int64)


def as_read(texts: Texts) -> Iterator[bytes]:
    """Yield each text as the encoder reads it: its word numbers and, for taggers, the surface features of tokens."""
    rows = texts.rows
    for start, stop in zip(rows.offsets[:-1].tolist(), rows.offsets[1:].tolist(), strict=True):
        looks = texts.surface[start:stop].tobytes() if isinstance(texts, TaggedRows) else b""
        yield rows.ids[start:stop].tobytes() + looks
