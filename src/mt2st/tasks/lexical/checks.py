"""Checks of settings and shapes that the lexical objectives share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def check_above_0(name: str, value: float) -> None:
    """Refuse a setting that is not a finite number above 0.

    Examples
    --------
    >>> check_above_0("temperature", 0.0)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: temperature must be above 0, 0.0 found: 0.05 suits cosines
    """
    if not 0 < value < float("inf"):
        raise ConfigError(f"{name} must be above 0, {value} found: 0.05 suits cosines")


def check_shape(name: str, value: torch.Tensor, wanted: str, *sizes: int | None) -> None:
    """Refuse what is no tensor or of another shape (None: any size), and an empty one, which has no mean.

    Examples
    --------
    >>> check_shape("vectors", torch.zeros(2, 3), "(quadruples, 4, dim)", None, 4, None)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: vectors must have the shape (quadruples, 4, dim), (2, 3) found
    """
    if not isinstance(value, torch.Tensor):
        raise ConfigError(f"{name} must be a tensor, {type(value).__name__} found: pass torch.as_tensor({name})")
    found = tuple(value.shape)
    if len(found) != len(sizes) or any(want not in (None, size) for want, size in zip(sizes, found, strict=True)):
        raise ConfigError(f"{name} must have the shape {wanted}, {found} found")
    if 0 in found:
        raise ConfigError(f"{name} {wanted} must not be empty, {found} found: leave empty batches out")


def check_mask(name: str, value: torch.Tensor, wanted: str, *sizes: int | None) -> None:
    """Refuse a mask of another shape or of numbers: ``~`` turns a 1 into -2, and as an index they select rows.

    Examples
    --------
    >>> check_mask("correct", torch.eye(2), "(sources, targets)", 2, 2)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: correct must be bool, torch.float32 found: pass correct.bool()
    """
    check_shape(name, value, wanted, *sizes)
    if str(value.dtype) != "torch.bool":
        raise ConfigError(f"{name} must be bool, {value.dtype} found: pass {name}.bool()")


def check_places(name: str, places: NDArray[np.int64], width: int, rows: int) -> None:
    """Refuse lists that are empty, or have rows outside a table of ``rows`` rows.

    Examples
    --------
    >>> import numpy as np
    >>> check_places("pairs", np.array([[0, 7]]), width=2, rows=5)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: pairs: the rows 0 to 7 are named, the table has 5: place the words in its own vocabulary
    """
    if places.ndim != 2 or places.shape[1] != width or not len(places):
        raise ConfigError(
            f"{name}: rows of {width} words are needed, at least one, the shape {places.shape} found: "
            "does the list share words with the table?"
        )
    check_rows(name, places, rows)


def check_rows(name: str, places: NDArray[np.int64] | torch.Tensor, rows: int) -> None:
    """Refuse rows that are not whole numbers, or outside a table; negative ones would be counted from its end.

    Examples
    --------
    >>> check_rows("asked", torch.tensor([[0, 1, 2, -1]]), rows=5)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: asked: the rows -1 to 2 are named, the table has 5: place the words in its own vocabulary
    """
    if "int" not in str(places.dtype):
        raise ConfigError(f"{name}: rows must be whole numbers, {places.dtype} found: convert them to int64")
    if places.min() < 0 or places.max() >= rows:
        raise ConfigError(
            f"{name}: the rows {places.min()} to {places.max()} are named, the table has {rows}: "
            "place the words in its own vocabulary"
        )
