"""Which labelled tasks have the same texts, and so learn from the same batches by one run of the encoder."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from mt2st.tasks import TaggedRows

if TYPE_CHECKING:
    from mt2st.tasks import Sampler
    from mt2st.text import Ragged


class Texts(Protocol):
    """Labelled texts: `LabelledRows`, `TargetRows` or `TaggedRows`."""

    @property
    def rows(self) -> Ragged:
        """Return the word numbers of each text."""
        ...

    def __len__(self) -> int: ...

    def select(self, chosen: NDArray[np.int64]) -> Self:
        """Return some of the texts, in the order of ``chosen``."""
        ...


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


Own = TypeVar("Own", bound=Texts)


class CommonTexts:
    """The labelled tasks of a job, as they are built: one with the texts of an earlier one is put in its order.

    Two tasks share where their texts are the same, each as often, in whatever order, and they pass over them as often.
    Texts are the same where the encoder reads the same: words as numbers, of taggers surface features too. Tasks on
    whole texts share among each other, taggers among each other.

    A text that is there twice may then stand beside another's label of its other occurrence, which changes no loss:
    heads see what the encoder makes of the text.
    """

    def __init__(self) -> None:
        self._first: list[HasTexts] = []

    def join(self, data: Own, passes: float) -> tuple[Own, HasTexts | None]:
        """Return examples in the order of the first task to share with, and that task; None where there is none."""
        for task in self._first:
            if task.sampler.passes == passes:
                places = places_of(task.data, data)
                if places is not None:
                    return data.select(places), task
        return data, None

    def add(self, task: HasTexts) -> None:
        """Let tasks to come share with one that shares with none before it."""
        self._first.append(task)


def places_of(texts: Texts, others: Texts) -> NDArray[np.int64] | None:
    """Return where in ``others`` each of ``texts`` stands, one place for each; None where these are not the same texts.

    Examples
    --------
    >>> from mt2st.text import Ragged
    >>> one, two = (LabelledRows(Ragged.from_lists(rows), np.zeros(3, np.int32), ("a",)) for rows in (
    ...     [[1, 2], [3], [1, 2]], [[3], [1, 2], [1, 2]]))
    >>> places_of(one, two)
    array([1, 0, 2])
    """
    if isinstance(texts, TaggedRows) != isinstance(others, TaggedRows):
        return None
    if len(texts) != len(others) or len(texts.rows.ids) != len(others.rows.ids):
        return None
    where: dict[bytes, deque[int]] = defaultdict(deque)
    for place, text in enumerate(as_read(others)):
        where[text].append(place)
    found = []
    for text in as_read(texts):
        if not where.get(text):
            return None
        found.append(where[text].popleft())
    return np.array(found, np.int64)


def as_read(texts: Texts) -> Iterator[bytes]:
    """Yield each text as the encoder reads it: its word numbers, and of taggers the features of each token."""
    rows = texts.rows
    for start, stop in zip(rows.offsets[:-1].tolist(), rows.offsets[1:].tolist(), strict=True):
        looks = texts.surface[start:stop].tobytes() if isinstance(texts, TaggedRows) else b""
        yield rows.ids[start:stop].tobytes() + looks
