"""Calibration of probabilities: expected calibration error, Brier score, log-loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

Doubles = NDArray[np.float64]
BINS = 15  # as in C. Guo et al.
_LEAST = float(np.finfo(np.float64).eps)  # probabilities are clipped to this before the logarithm


class Bin(NamedTuple):
    """Examples of similar predicted probability: its mean, and the share of them predicted correctly."""

    confidence: float
    accuracy: float
    examples: int


@dataclass(frozen=True)
class CalibrationReport:
    """Measures of calibration.

    Attributes
    ----------
    ece
        The expected calibration error, see `calibration_error`.
    ece_by_chance
        The ``ece`` that these probabilities would show by chance alone, on as many examples, if they were perfectly
        calibrated: an ``ece`` near it is the best possible.
    brier
        The mean over examples of ``sum_k (p_k - y_k) ** 2``, 0 to 2; for multi-label data divided by labels.
    log_loss
        The mean negative log-probability of the truth; for multi-label data divided by labels.
    bins
        In ascending order of confidence.
    """

    ece: float
    ece_by_chance: float
    brier: float
    log_loss: float
    bins: tuple[Bin, ...] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        measures = {name: getattr(self, name) for name in ("ece", "ece_by_chance", "brier", "log_loss")}
        return {**measures, "bins": [bin_._asdict() for bin_ in self.bins]}


def calibration_bins(confidence: Doubles, right: NDArray[Any], bins: int = BINS) -> tuple[Bin, ...]:
    """Return bins of equal mass, except that examples of equal probability share a bin.

    Parameters
    ----------
    confidence
        The predicted probability that each example's prediction is correct, (examples,).
    right
        Whether it is, (examples,).
    bins
        Maximum number of bins.

    Examples
    --------
    >>> calibration_bins(np.array([0.6, 0.9, 0.6, 0.9]), np.array([1, 1, 0, 1]), bins=2)
    (Bin(confidence=0.6, accuracy=0.5, examples=2), Bin(confidence=0.9, accuracy=1.0, examples=2))
    """
    if bins < 1:
        raise DataError(f"bins must be 1 or more, {bins} found")
    place = _bins_of(confidence, bins)
    counts = np.bincount(place, minlength=bins)
    kept = np.flatnonzero(counts)
    sums = (np.bincount(place, values, minlength=bins)[kept] for values in (confidence, np.asarray(right, np.float64)))
    means = [(total / counts[kept]).tolist() for total in sums]
    return tuple(Bin(*each) for each in zip(*means, counts[kept].tolist(), strict=True))


def _bins_of(confidence: Doubles, bins: int) -> NDArray[np.int64]:
    """Return the bin of each example, by the lowest rank among those of equal confidence."""
    first = np.searchsorted(np.sort(confidence), confidence, side="left")
    return np.asarray(first * bins // max(len(confidence), 1), np.int64)


def calibration_error(confidence: Doubles, right: NDArray[Any], bins: int = BINS) -> float:
    """Return the expected calibration error, ``sum_b n_b / n * |accuracy_b - confidence_b|``.

    Bins have equal mass (see `calibration_bins`), so that none is empty and the error is estimated better than with
    bins of equal width. It is biased: with few examples, calibrated probabilities have an error too, which
    `CalibrationReport` also gives.

    Notes
    -----
    M. P. Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015.

    Examples
    --------
    >>> sure, right = np.array([0.6, 0.6, 0.9, 0.9]), np.array([1, 0, 1, 1])
    >>> round(calibration_error(sure, right, bins=2), 3)  # (|0.5 - 0.6| + |1 - 0.9|) / 2
    0.1
    """
    found = calibration_bins(confidence, right, bins)
    return sum(each.examples * abs(each.accuracy - each.confidence) for each in found) / max(len(confidence), 1)


def error_by_chance(confidence: Doubles, bins: int = BINS) -> float:
    """Return the expected calibration error that calibrated probabilities show by chance.

    Were each example right with just its probability p, a bin's accuracy would lie about its confidence with the
    standard deviation ``s_b = sqrt(sum p (1 - p)) / n_b``, and off it by ``sqrt(2 / pi) s_b`` on the mean (taken as
    normal).

    Examples
    --------
    >>> round(error_by_chance(np.full(100, 0.8), bins=1), 4)  # sqrt(2 / pi) * sqrt(0.16 / 100)
    0.0319
    """
    place = _bins_of(confidence, bins)
    spread = np.sqrt(np.bincount(place, confidence * (1 - confidence)))
    return float(np.sqrt(2 / np.pi) * spread.sum() / max(len(confidence), 1))


def evaluate_calibration(
    probabilities: Doubles, gold: NDArray[Any], *, bins: int = BINS, several: bool = False
) -> CalibrationReport:
    """Evaluate the calibration of probabilities.

    Parameters
    ----------
    probabilities
        (examples, classes).
    gold
        The number of each example's class, (examples,); with ``several`` 1, 0, or -1 if unknown, (examples, classes).
    bins
        Number of bins of the most likely class's probability; with ``several`` of every label's.
    several
        Whether an example may have several labels.

    Raises
    ------
    DataError
        If shapes do not match, there are no examples, or a probability is outside 0 to 1.

    Examples
    --------
    >>> found = evaluate_calibration(np.array([[0.8, 0.2], [0.6, 0.4]]), np.array([0, 1]), bins=1)
    >>> round(found.ece, 2), round(found.brier, 2), round(found.log_loss, 3)  # 0.7 sure, 0.5 right
    (0.2, 0.4, 0.57)
    """
    found, gold = np.asarray(probabilities, np.float64), np.asarray(gold)
    _check(found, gold, several=several)
    if several:
        confidence, right = found[gold >= 0], gold[gold >= 0] > 0
        found, truth = confidence, right.astype(np.float64)
    else:
        truth = (gold[:, None] == np.arange(found.shape[1])).astype(np.float64)
        confidence, right = found.max(1), found.argmax(1) == gold
    squares = (found - truth) ** 2
    return CalibrationReport(
        calibration_error(confidence, right, bins),
        error_by_chance(confidence, bins),
        float(squares.mean() if several else squares.sum(1).mean()),
        float(_losses(found, truth, several=several).mean()),
        calibration_bins(confidence, right, bins),
    )


def _losses(found: Doubles, truth: Doubles, *, several: bool) -> Doubles:
    given = np.where(truth > 0, found, 1 - found) if several else (found * truth).sum(1)
    return np.asarray(-np.log(np.maximum(given, _LEAST)))


def _check(found: Doubles, gold: NDArray[Any], *, several: bool) -> None:
    wanted = found.shape if several else found.shape[:1]
    if found.ndim != 2 or not found.size or gold.shape != wanted:
        raise DataError(f"probabilities of shape {found.shape} need truth of shape {wanted}, {gold.shape} found")
    if not ((found >= 0) & (found <= 1)).all():
        raise DataError("probabilities must lie between 0 and 1: give predict_proba's, not scores")
    if not several and not ((gold >= 0) & (gold < found.shape[1])).all():
        raise DataError(f"gold classes must be numbers from 0 to {found.shape[1] - 1}: add a column for others")
