"""Pickles without cached properties."""

from __future__ import annotations

from functools import cached_property
from typing import Any


class PickledAsMade:
    """A base class whose cached properties are left out of pickles, and computed again when used.

    Some are addresses, valid in one process only; some are arrays that kernels write to, while joblib passes large
    arrays of a pickle to its workers read-only.

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
