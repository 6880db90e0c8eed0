"""What is pickled of an object: what it was made of, not what it has found out since."""

from __future__ import annotations

from functools import cached_property
from typing import Any


class PickledAsMade:
    """A base whose cached properties are left out of pickles, and found again where they are asked for.

    Some are addresses, which hold in one process; some are arrays that kernels write to, and joblib hands large arrays
    of a pickle to its workers read-only.

    Examples
    --------
    >>> from copy import copy
    >>> class Words(PickledAsMade):
    ...     @cached_property
    ...     def longest(self):
    ...         return "word"
    >>> words = Words()
    >>> words.longest, vars(words), vars(copy(words))  # which copies what would be pickled
    ('word', {'longest': 'word'}, {})
    """

    def __getstate__(self) -> dict[str, Any]:
        kind = type(self)
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(getattr(kind, name, None), cached_property)
        }
