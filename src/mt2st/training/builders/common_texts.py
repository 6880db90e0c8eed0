"""Which labelled tasks have the same texts, and so learn from the same batches by one run of the encoder."""

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

# Of the first task's texts, how many a task must have to share; the others have no label of it.
LEAST_SHARE = 0.9
Own = TypeVar("Own", bound=Texts)


class HasTexts(Protocol):
    """A task on labelled texts."""

    @property
    def sampler(self) -> Sampler:
        """Return what draws its batches."""
        ...

    @property
    def data(self) -> Texts:
        """Return its examples."""
        ...


class CommonTexts:
    """The labelled tasks of a job, as they are built: one with the texts of an earlier one is put in its order.

    A task shares with an earlier one where all its texts are texts of that, each at most as often and together at least
    nine tenths of them, in whatever order; and where both pass over them as often. Texts are the same where the encoder
    reads the same: words as numbers, of taggers surface features too. Tasks on whole texts share among each other,
    taggers among each other. Texts that only the first has are, for the other, texts whose label is not known.

    A text that is there twice may stand beside another's label of its other occurrence, which changes no loss: heads
    see what the encoder makes of the text.
    """

    def __init__(self) -> None:
        self._first: list[HasTexts] = []

    def join(self, data: Own, passes: float) -> tuple[Own, HasTexts | None]:
        """Return examples in the order of the first task to share with, and that task; None where there is none."""
        for task in self._first:
            if task.sampler.passes == passes:
                places = places_of(task.data, data)
                if places is not None:
                    return cast("Own", carry_over(data, task.data, places)), task
        return data, None

    def add(self, task: HasTexts) -> None:
        """Let tasks to come share with one that shares with none before it."""
        self._first.append(task)


def places_of(texts: Texts, others: Texts) -> NDArray[np.int64] | None:
    """Return where in ``others`` each of ``texts`` stands, -1 where it does not; None where these are not the same.

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
    """Yield each text as the encoder reads it: its word numbers, and of taggers the features of each token."""
    rows = texts.rows
    for start, stop in zip(rows.offsets[:-1].tolist(), rows.offsets[1:].tolist(), strict=True):
        looks = texts.surface[start:stop].tobytes() if isinstance(texts, TaggedRows) else b""
        yield rows.ids[start:stop].tobytes() + looks
