"""A linear-chain conditional random field: scores of whole tag sequences, and sums over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.errors import ConfigError
from mt2st.models.pytorch.chain_sums import LogPartition, backward_sums, forward_sums, tag_probabilities
from mt2st.models.pytorch.first_values import draw_evenly
from mt2st.models.pytorch.lengths import within_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mt2st.evaluation import TagScheme

# The score of forbidden transitions. Finite, so that differences are not NaN; e to its power is 0 in any precision, and
# emissions of thousands do not outweigh it.
FORBIDDEN = -1e5
UNKNOWN = -1


class LinearChainCRF(torch.nn.Module):
    """Scores sequences of tags: ``s(y) = a[y_1] + sum_t e[t, y_t] + sum_t>1 T[y_t-1, y_t] + z[y_n]``.

    The emissions e come from an encoder; the transitions T and the scores a and z of first and last tags are learned
    here. ``p(y) = exp(s(y)) / Z`` with Z the sum over all sequences, by the forward algorithm in logarithms.

    Parameters
    ----------
    tags
        The number of tags, at least 1.
    allowed
        (tags + 1, tags + 1), bool: whether the tag of the column may follow that of the row; the last row is the begin
        of a sentence, the last column its end, and the corner is ignored. None allows all. See `allowed_by`.
    seed
        Seed of the initial values, drawn uniformly from ±0.1.

    Raises
    ------
    ConfigError
        If there is no tag, or ``allowed`` has another shape.

    Examples
    --------
    >>> crf = LinearChainCRF(2)
    >>> _ = [parameter.data.zero_() for parameter in crf.parameters()]
    >>> emissions, lengths = torch.zeros(1, 3, 2), torch.tensor([3])
    >>> round(crf.log_partition(emissions, lengths).exp().item(), 3)  # as many sequences as there are
    8.0
    >>> crf.decode(torch.tensor([[[0.0, 1.0], [2.0, 0.0]]]), torch.tensor([2])).tolist()
    [[1, 0]]
    """

    allowed: torch.Tensor

    def __init__(self, tags: int, allowed: torch.Tensor | None = None, seed: int = 0) -> None:
        super().__init__()
        if tags < 1:
            raise ConfigError(f"tags must be at least 1, {tags} found")
        shape = (tags + 1, tags + 1)
        if allowed is not None and tuple(allowed.shape) != shape:
            raise ConfigError(f"allowed must have the shape {shape}, {tuple(allowed.shape)} found: use allowed_by")
        self.tags = tags
        self.scores = torch.nn.Parameter(torch.empty(shape))
        draw_evenly(self, 0.1, seed)
        self.register_buffer("allowed", torch.ones(shape, dtype=torch.bool) if allowed is None else allowed.bool())

    def log_partition(self, emissions: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return log Z of each sentence, (batch,), in double precision: it grows with the sentence.

        Parameters
        ----------
        emissions
            (batch, longest, tags); values after a sentence's end are ignored.
        lengths
            Number of tokens of each sentence, (batch,), at least 1; best on the CPU, where they are checked.
        """
        lengths = self._checked(emissions, lengths)
        found: torch.Tensor = LogPartition.apply(emissions, *self._parts(), lengths)  # type: ignore[no-untyped-call]
        return found

    def log_likelihood(self, emissions: torch.Tensor, tags: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the logarithm of the probability of the gold tags, (batch,); tags of -1, unknown, are summed over.

        A gold sequence with a forbidden transition has a probability of about ``exp(-1e5)``: check tags beforehand by
        `TagScheme.first_fault`.

        Raises
        ------
        ConfigError
            If shapes or lengths do not fit, or a tag is out of range.
        """
        whole = self.log_partition(emissions, lengths)
        if (_gold(emissions, tags, lengths) == UNKNOWN).any():
            known = (tags != UNKNOWN)[..., None] & (tags[..., None] != self._every_tag())
            # (batch, longest, tags): if the tag is known, all others are forbidden.
            found = self.log_partition(emissions.masked_fill(known, FORBIDDEN), lengths)
        else:
            found = self.score(emissions, tags, lengths)
        return (found - whole).to(emissions.dtype)

    def score(self, emissions: torch.Tensor, tags: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return s(y) of one sequence of tags for each sentence, (batch,), in double precision like log Z."""
        transitions, first, last = self._parts()
        lengths = lengths.to(emissions.device)
        within = within_lengths(lengths, tags.shape[1])
        tags = tags.masked_fill(~within, 0)
        emitted = emissions.gather(2, tags[..., None])[..., 0].masked_fill(~within, 0).sum(1, dtype=torch.float64)
        passed = transitions[tags[:, :-1], tags[:, 1:]].masked_fill(~within[:, 1:], 0).sum(1, dtype=torch.float64)
        ends = last[tags.gather(1, lengths[:, None] - 1)[:, 0]]
        return emitted + passed + first[tags[:, 0]] + ends

    @torch.no_grad()
    def marginals(self, emissions: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the probability of each tag of each token, (batch, longest, tags); 0 after a sentence's end."""
        lengths = self._checked(emissions, lengths)
        parts = self._parts()
        alphas, _ = forward_sums(emissions, *parts, lengths)
        betas = backward_sums(emissions, *parts[::2], lengths)
        return tag_probabilities(alphas, betas, lengths).transpose(0, 1)

    @torch.no_grad()
    def decode(self, emissions: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the best sequence of each sentence by Viterbi's algorithm, (batch, longest), 0 after its end."""
        lengths = self._checked(emissions, lengths)
        transitions, first, last = self._parts()
        longest, best = emissions.shape[1], first + emissions[:, 0]  # (batch, tags)
        came_from = []
        for at in range(1, longest):
            scores, origin = (best[:, :, None] + transitions).max(1)
            going = (at < lengths)[:, None]
            came_from.append(origin.where(going, self._every_tag()))
            best = (scores + emissions[:, at]).where(going, best)
        path = [(best + last).argmax(1)]
        for origin in reversed(came_from):
            path.append(origin.gather(1, path[-1][:, None])[:, 0])
        # After a sentence's end each tag points to itself.
        found = torch.stack(path[::-1], 1)
        return found.masked_fill(~within_lengths(lengths, longest), 0)

    def _checked(self, emissions: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the lengths on the device of the emissions, after checking shapes."""
        if emissions.dim() != 3 or emissions.shape[2] != self.tags:
            found = tuple(emissions.shape)
            raise ConfigError(f"emissions must have the shape (batch, longest, {self.tags}), {found} found")
        batch, longest, _ = emissions.shape
        if len(lengths) != batch or bool((lengths < 1).any()) or bool((lengths > longest).any()):
            raise ConfigError(
                f"lengths must lie in 1 to {longest}, one a sentence of {batch}: leave out those without tokens"
            )
        return lengths.to(emissions.device)

    def _every_tag(self) -> torch.Tensor:
        return torch.arange(self.tags, device=self.scores.device)

    def _parts(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return transitions, (tags, tags), and scores of first and last tags, (tags,), with FORBIDDEN filled in."""
        scores = self.scores.masked_fill(~self.allowed, FORBIDDEN)
        return scores[:-1, :-1], scores[-1, :-1], scores[:-1, -1]


def allowed_by(scheme: TagScheme, tags: Sequence[str]) -> torch.Tensor:
    """Return which tags may follow which in a scheme, including begin and end, in the form of `LinearChainCRF`.

    Examples
    --------
    >>> from mt2st.evaluation import find_scheme
    >>> allowed_by(find_scheme("bio"), ["O", "B-PER", "I-PER"]).int()[:, 2].tolist()  # I-PER: not after O, nor first
    [0, 1, 1, 0]
    """
    rows = [[scheme.allows(before, tag) for tag in tags] + [scheme.may_end(before)] for before in tags]
    return torch.tensor([*rows, [*(scheme.may_begin(tag) for tag in tags), True]])


def _gold(emissions: torch.Tensor, tags: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the tags of all tokens, concatenated; refuse tags that do not fit the emissions."""
    batch, longest, number = emissions.shape
    if tuple(tags.shape) != (batch, longest):
        raise ConfigError(f"tags must have the shape {(batch, longest)} of the emissions, {tuple(tags.shape)} found")
    gold = tags[within_lengths(lengths, longest, tags.device)]
    outside = gold[(gold < UNKNOWN) | (gold >= number)]
    if len(outside):
        raise ConfigError(
            f"tags must lie in 0 to {number - 1}, or be {UNKNOWN} where unknown, {int(outside[0])} found: where -100 "
            f"marks the unknown, write tags.masked_fill(tags == -100, {UNKNOWN})"
        )
    return gold
