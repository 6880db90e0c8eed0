"""Cross-domain similarity local scaling: cosines, corrected for words that are close to many others."""

from __future__ import annotations

from numbers import Integral

import torch

from mt2st.errors import ConfigError
from mt2st.tasks.lexical.checks import check_shape
from mt2st.tasks.lexical.cosines import unit_rows


def csls_scores(
    sources: torch.Tensor, targets: torch.Tensor, neighbours: int = 10, among: torch.Tensor | None = None
) -> torch.Tensor:
    r"""Return the CSLS score of every source with every target.

    .. math:: CSLS(x, y) = 2 \cos(x, y) - r_T(x) - r_S(y)

    where r_T(x) is the mean cosine of x with its k nearest targets, and r_S(y) that of y with its k nearest sources.
    So targets that are close to everything ("hubs") do not become the translation of every source.

    Parameters
    ----------
    sources, targets
        Vectors, (sources, dim) and (targets, dim).
    neighbours
        k; 10 as in the paper below. If there are fewer words, all of them are used.
    among
        The sources for r_S, (words, dim); None: ``sources``, which as a batch are a poor sample of a language.

    Returns
    -------
    Scores, (sources, targets), between -4 and 4, with a gradient through all three parts.

    Raises
    ------
    ConfigError
        If shapes do not fit, an input is empty, or k is not a whole number above 0.

    Notes
    -----
    A. Conneau, G. Lample, M. Ranzato, L. Denoyer and H. Jegou, "Word translation without parallel data", 2018.

    Examples
    --------
    >>> x, y = torch.tensor([[1.0, 0.0], [0.6, 0.8]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> csls_scores(x, y, neighbours=1)
    tensor([[ 0.0000, -1.8000],
            [-0.6000,  0.0000]])
    """
    check_shape("sources", sources, "(sources, dim)", None, None)
    check_shape("targets", targets, "(targets, dim) of the sources' dim", None, sources.shape[1])
    if among is not None:
        check_shape("among", among, "(words, dim) of the sources' dim", None, sources.shape[1])
    if not isinstance(neighbours, Integral) or neighbours < 1:
        raise ConfigError(f"neighbours must be a whole number, at least 1, {neighbours} found: 10 is usual")
    units = unit_rows(targets)
    cosines = unit_rows(sources) @ units.T  # (sources, targets)
    back = cosines if among is None else unit_rows(among) @ units.T  # (words, targets)
    of_source = nearest_mean(cosines, neighbours)  # (sources,)
    of_target = nearest_mean(back.T, neighbours)  # (targets,)
    return 2 * cosines - of_source[:, None] - of_target


def nearest_mean(cosines: torch.Tensor, neighbours: int) -> torch.Tensor:
    """Return the mean of the largest ``neighbours`` cosines of each row, or of all if there are fewer.

    Examples
    --------
    >>> nearest_mean(torch.tensor([[0.1, 0.5, 0.3]]), 2)
    tensor([0.4000])
    """
    return cosines.topk(min(neighbours, cosines.shape[-1]), dim=-1).values.mean(-1)
