"""Training, development and test parts that share no document and no text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Protocol, TypeVar

import numpy as np

from mt2st.errors import DataError, counted
from mt2st.text.content import HasText, content, contents, leave_out


class HasDocument(HasText, Protocol):
    """An example with a text and possibly a document, whose examples all go to the same part."""

    @property
    def document(self) -> str | None:
        """Return the document's name, None if there is none."""
        ...


Text = TypeVar("Text", bound=HasDocument)
LARGEST_PART = 1000
# Why examples are in no part.
COPIES = "whose text is held out"


@dataclass(frozen=True)
class Parts(Generic[Text]):
    """Three parts of one set of examples."""

    training: list[Text]
    development: list[Text]
    test: list[Text]

    def left_out_of(self, examples: Sequence[Text]) -> int:
        """Return how many of the examples are in no part."""
        return len(examples) - len(self.training) - len(self.development) - len(self.test)


def part_size(examples: int, asked: int | None) -> int:
    """Return the size asked for, or a fifth of the examples, at most 1,000.

    Examples
    --------
    >>> part_size(3610, None), part_size(10_568, None), part_size(3610, 500)
    (722, 1000, 500)
    """
    return asked if asked is not None else min(LARGEST_PART, examples // 5)


def split_documents(examples: Sequence[Text], development: int, test: int, seed: int) -> Parts[Text]:
    """Deal whole documents to test, then development, until each has the size asked for; the rest is for training.

    An example without a document is a document of its own. Development examples whose text is also in the test part,
    and training examples whose text is in either, are left out; case and spaces are ignored.

    Parameters
    ----------
    examples
        In any order; the result depends only on them, their order and the seed.
    development, test
        Minimum numbers of examples; a part may be a little larger, as its last document is not cut.
    seed
        Seed of the order of documents.
    """
    rest = _shuffled_documents(examples, [each.document or number for number, each in enumerate(examples)], seed)
    documents = len(rest)
    tested = _deal(rest, test, seen=set())
    developed = _deal(rest, development, contents(tested))
    training = leave_out(chain(*rest), contents(tested, developed))
    parts = Parts(training, developed, tested)
    if not training:
        asked = f"{counted(documents, 'document')} after {test} for test and {development} for development"
        raise DataError(_nothing_left(parts, len(examples), asked))
    return parts


def draw_documents(examples: Sequence[Text], count: int, seed: int) -> list[Text]:
    """Return the examples of whole documents, at least ``count`` of them; copies of a text are one document.

    If copies were drawn one by one, as in `split_documents`, most texts with several would be drawn, and none of these
    could be trained on. Without copies the examples are those of its test part.

    Examples
    --------
    >>> from mt2st.text import Example
    >>> [each.text for each in draw_documents([Example("good"), Example("bad"), Example("Good")] * 2, 2, seed=0)]
    ['bad', 'bad']
    """
    names = [each.document or ("", content(each.text)) for each in examples]
    return _deal(_shuffled_documents(examples, names, seed), count, seen=set())


def _shuffled_documents(examples: Sequence[Text], names: Iterable[Hashable], seed: int) -> list[list[Text]]:
    documents: dict[Hashable, list[Text]] = {}
    for name, example in zip(names, examples, strict=True):
        documents.setdefault(name, []).append(example)
    whole = list(documents.values())
    order = np.random.Generator(np.random.Philox(key=seed)).permutation(len(documents))
    return [whole[place] for place in order]


def _nothing_left(parts: Parts[Text], examples: int, asked: str) -> str:
    tested, developed = len(parts.test), len(parts.development)
    left, remedy = f"no training examples are left of {examples}", "lower primary.test and primary.development"
    if repeated := examples - tested - developed:
        return (
            f"{left}: {tested} are for test and {developed} for development, and the texts of the other {repeated} "
            f"repeat these, so they are not trained on: give more different texts, or {remedy}"
        )
    return f"{left} in {asked}: {remedy}, or give more data"


def _deal(documents: list[list[Text]], size: int, seen: set[str]) -> list[Text]:
    part: list[Text] = []
    while documents and len(part) < size:
        part.extend(leave_out(documents.pop(), seen))
    return part


def beside(examples: Sequence[Text], held_out: Sequence[Text]) -> list[Text]:
    """Return the examples of which neither the text (compared by `content`) nor the document is held out.

    Examples
    --------
    >>> from mt2st.text import Example
    >>> found = [Example("a fine film"), Example("dull", document="1"), Example("long")]
    >>> [each.text for each in beside(found, [Example("a fine film", "pos", "1")])]
    ['long']
    """
    documents = {each.document for each in held_out} - {None}
    return [each for each in leave_out(examples, contents(held_out)) if each.document not in documents]


def draw_labelled(labels: Sequence[str], count: int | None, seed: int) -> list[int]:
    """Return the indices of the examples to train on: ``count`` drawn at random, with every class at least once.

    Examples
    --------
    >>> sorted(draw_labelled(["a", "a", "a", "b"], 2, seed=1))[-1]
    3
    """
    shuffled = np.random.Generator(np.random.Philox(key=[seed, 1])).permutation(len(labels))
    order = [int(place) for place in shuffled]
    if count is None or count >= len(labels):
        return order
    first = {labels[place]: place for place in reversed(order)}
    if len(first) > count:
        raise DataError(f"{counted(count, 'labelled example')} cannot cover {len(first)} classes: raise primary.labels")
    chosen = set(first.values())
    return list(first.values()) + [place for place in order if place not in chosen][: count - len(first)]
