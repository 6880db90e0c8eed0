"""The finished window tagger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.evaluation import find_scheme
from mt2st.models.kernels.window_parts import Encoder, Head, Room, Sentences, room_for
from mt2st.models.kernels.window_tags import tag_windows, window_marginals
from mt2st.models.window.rows import WindowSizes, encode_windows
from mt2st.pickled import PickledAsMade

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.evaluation import TagScheme

# Tokens that are processed together, with some megabytes of features.
AT_ONCE = 50_000


@dataclass(frozen=True)
class WindowModel(PickledAsMade):
    """Predicts a tag for each token, without torch.

    Attributes
    ----------
    encoder, head
        The parameters.
    words
        Words in lower case; word i has row i + 1 of the table.
    classes
        The tags.
    scheme
        How tags mark spans; sequences that it forbids are never predicted. None if they do not.
    """

    encoder: Encoder
    head: Head
    words: Sequence[str]
    classes: tuple[str, ...]
    scheme: str | None = None

    @cached_property
    def rows(self) -> dict[str, int]:
        """Return the row of each word."""
        return {word: row for row, word in enumerate(self.words, 1)}

    @property
    def sizes(self) -> WindowSizes:
        """Return the numbers of buckets of looks and features."""
        return WindowSizes(len(self.encoder.looks), len(self.head.features))

    def knows(self, word: str) -> bool:
        """Return whether a word in lower case has a vector."""
        return word in self.rows

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return a tag for each token of each sentence; give the tokens with their capitals."""
        names = np.array(self.classes, object)
        return [names[numbers].tolist() for numbers in self._each(sentences, best_tags)]

    def predict_proba(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return the probability of each tag of each token given the whole sentence, (tokens, tags)."""
        return list(self._each(sentences, tag_probabilities))

    @cached_property
    def _ready(self) -> tuple[Encoder, Head]:
        """Return the parameters as writable arrays, which kernels need: joblib maps files as read-only ones."""
        encoder = Encoder(*(np.require(array, requirements=("C", "W")) for array in self.encoder))
        head = Head(*(np.require(array, requirements=("C", "W")) for array in self.head))
        return encoder, legal_head(head, self.classes, self.scheme)

    def _each(
        self, sentences: Sequence[Sequence[str]], find: Callable[[Encoder, Head, Sentences], NDArray[Any]]
    ) -> Iterator[NDArray[Any]]:
        encoder, head = self._ready
        for part in parts_of(sentences, AT_ONCE):
            data = encode_windows(part, None, self.rows, self.classes, self.sizes)
            found = find(encoder, head, data)
            yield from (found[start:stop] for start, stop in pairwise(data.offsets))


def best_tags(encoder: Encoder, head: Head, data: Sentences) -> NDArray[np.int64]:
    """Return the numbers of the tags of the best sequence for every sentence, (tokens,)."""
    numbers = np.zeros(len(data.kinds), np.int64)
    tag_windows(encoder, head, data, room_to_predict(encoder, head, data), numbers)
    return numbers


def tag_probabilities(encoder: Encoder, head: Head, data: Sentences) -> NDArray[np.float32]:
    """Return the probability of each tag of each token given its sentence, (tokens, tags)."""
    shares = np.zeros((len(data.kinds), len(head.emit)), np.float32)
    window_marginals(encoder, head, data, room_to_predict(encoder, head, data), shares)
    return shares


def room_to_predict(encoder: Encoder, head: Head, data: Sentences) -> Room:
    """Return work arrays for the longest sentence, with no feature dropped."""
    room = room_for(encoder, head, data)
    room.scored.kept[...] = 1
    return room


def legal_head(head: Head, classes: Sequence[str], scheme: str | None) -> Head:
    """Return the head with links of minus infinity for transitions that a scheme forbids."""
    if scheme is None:
        return head
    links = np.where(allowed_links(find_scheme(scheme), classes), head.links, np.float32(-np.inf))
    return head._replace(links=links.astype(np.float32))


def parts_of(sentences: Sequence[Sequence[str]], tokens: int) -> Iterator[Sequence[Sequence[str]]]:
    """Cut sentences into parts of at most ``tokens`` tokens, or of one longer sentence.

    Examples
    --------
    >>> [len(part) for part in parts_of([["a"], ["b", "c"], ["d"]], tokens=3)]
    [2, 1]
    """
    begin = held = 0
    for place, sentence in enumerate(sentences):
        if held and held + len(sentence) > tokens:
            yield sentences[begin:place]
            begin, held = place, 0
        held += len(sentence)
    if begin < len(sentences):
        yield sentences[begin:]


def allowed_links(scheme: TagScheme, tags: Sequence[str]) -> NDArray[np.bool_]:
    """Return whether the tag of a column may follow that of a row; last are the begin and the end of a sentence.

    Examples
    --------
    >>> from mt2st.evaluation import find_scheme
    >>> allowed_links(find_scheme("bio"), ["O", "B-PER", "I-PER"])[:, 2].tolist()  # I-PER: not after O, nor first
    [False, True, True, False]
    """
    rows = [[scheme.allows(before, tag) for tag in tags] + [scheme.may_end(before)] for before in tags]
    return np.array([*rows, [*(scheme.may_begin(tag) for tag in tags), True]])
