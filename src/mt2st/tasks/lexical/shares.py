"""The shares of source words that a softmax over scores aligns, misaligns and leaves unaligned."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import torch

from mt2st.errors import ConfigError
from mt2st.tasks.lexical.checks import check_above_0, check_mask, check_shape


class Shares(NamedTuple):
    """The expected outcome of each source word: shares that sum to 1, each of shape (sources,)."""

    aligned: torch.Tensor
    misaligned: torch.Tensor
    not_aligned: torch.Tensor


def alignment_shares(
    scores: torch.Tensor, correct: torch.Tensor, temperature: float, threshold: float | None = None
) -> Shares:
    r"""Return the shares of a softmax over scores that go to right targets, to wrong ones, and to none.

    .. math:: p(y \mid x) = \frac{\exp(s(x, y) / T)}{\exp(\theta / T) + \sum_{y'} \exp(s(x, y') / T)}

    Parameters
    ----------
    scores
        s, (sources, targets), such as `csls_scores`.
    correct
        Whether a target is one of the source's translations, bool, (sources, targets); a source may have several.
    temperature
        T, in units of the scores. As it goes to 0, the shares become 0 or 1, depending on the highest-scoring target.
    threshold
        :math:`\theta`: a source whose targets all score lower counts as not aligned. None: the first term of the
        denominator is left out, and no source is "not aligned".

    Raises
    ------
    ConfigError
        If shapes do not fit, an input is empty, ``correct`` is not bool, T is not above 0 or the threshold is not
        finite.

    Examples
    --------
    >>> scores = torch.tensor([[0.5, 0.0, 0.4]])
    >>> [round(float(share), 3) for share in alignment_shares(scores, torch.tensor([[True, False, True]]), 0.1, 0.3)]
    [0.906, 0.004, 0.09]
    """
    check_shape("scores", scores, "(sources, targets)", None, None)
    check_mask("correct", correct, "(sources, targets) of the scores", *scores.shape)
    check_above_0("temperature", temperature)
    if threshold is not None and not isfinite(threshold):
        raise ConfigError(f"threshold must be a finite number of the scores' units or None, {threshold} found")
    none = scores.new_full((len(scores), 1), -torch.inf if threshold is None else threshold)
    share = (torch.cat([none, scores], 1) / temperature).softmax(1)
    aligned = (share[:, 1:] * correct).sum(1)
    return Shares(aligned, (share[:, 1:] * ~correct).sum(1), share[:, 0])
