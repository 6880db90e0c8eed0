"""Placing labels without overlap: along a line, and around points of a plot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]  # left, bottom, right, top

_RINGS = (8.0, 20.0, 34.0, 50.0, 70.0)  # distances of a label from its point, in pixels
_COVERS_LABEL, _COVERS_CURVE, _PER_PIXEL = 100.0, 2.0, 0.08  # costs of a position


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions at least ``gap`` apart, in the same order, moved little and within ``low .. high`` if they fit.

    Examples
    --------
    >>> spread([10, 11, 50], 10, 0, 100)
    [10.0, 20.0, 50.0]
    >>> spread([98, 99], 10, 0, 100)
    [90.0, 100.0]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = [float(place) for place in places]
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    ceiling = max(float(high), low + gap * (len(places) - 1))
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved


def place_labels(
    points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], taken: Sequence[Box],
    curves: NDArray[np.float64], within: Box,
) -> list[tuple[float, float]]:  # fmt: skip
    """Return the lower left corner of each point's label, placed one by one where it overlaps least.

    Parameters
    ----------
    points, sizes
        The points to label, and width and height of their labels; all in pixels.
    taken
        Boxes that no label may cover, such as the points themselves.
    curves
        Points of shape (n, 2) on lines that labels should avoid.
    within
        The box that labels must stay in.
    """
    boxes, corners = list(taken), []
    for point, size in zip(points, sizes, strict=True):
        candidates = [_beside(point, size, *way) for way in product(_RINGS, (1, -1, 0), (0, 1, -1)) if any(way[1:])]
        best = min(candidates, key=lambda box: _cost(box, point, boxes, curves, within))
        boxes.append(best)
        corners.append(best[:2])
    return corners


def _beside(point: tuple[float, float], size: tuple[float, float], ring: float, right: int, up: int) -> Box:
    (x, y), (width, height) = point, size
    left = x - width / 2 + right * (width / 2 + ring)
    bottom = y - height / 2 + up * (height / 2 + ring)
    return left, bottom, left + width, bottom + height


def _cost(
    box: Box, point: tuple[float, float], boxes: Sequence[Box], curves: NDArray[np.float64], within: Box
) -> float:
    outside = box[0] < within[0] or box[1] < within[1] or box[2] > within[2] or box[3] > within[3]
    covered = sum(_overlap(box, other) for other in boxes)
    x, y = curves[:, 0], curves[:, 1]
    crossed = int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())
    nearest = np.clip(point, box[:2], box[2:])
    away = float(np.hypot(*(nearest - np.array(point))))
    return _COVERS_LABEL * (covered + 2 * outside) + _COVERS_CURVE * min(crossed, 20) + _PER_PIXEL * away


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
