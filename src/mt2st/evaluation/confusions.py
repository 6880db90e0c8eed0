"""The most frequent confusions in predictions of one label per text, of several, and of tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mt2st.evaluation.mistakes import EXAMPLES, KINDS, Confusion, Mark, Mistake, Near, most_confused, surest
from mt2st.text import token_spans

Doubles = NDArray[np.float64]
# Returns what each word of a text, as found by `mt2st.text.token_spans`, adds to the log-odds of each label.
Explain = Callable[[str], Doubles]
Nearest = Callable[[str], Sequence[Near]]

# Maximum number of characters of a text to show.
LONGEST = 20_000


def text_confusions(
    texts: Sequence[str],
    gold: NDArray[np.int64],
    probabilities: Doubles,
    labels: Sequence[str],
    explain: Explain | None = None,
    nearest: Nearest | None = None,
) -> list[Confusion]:
    """Return the most frequent confusions of texts with one label each.

    Parameters
    ----------
    texts, gold
        The texts, and the number of each text's label.
    probabilities
        The predicted probability of each label, (texts, labels).
    labels
        Their names; the last may be unknown to the model.
    explain, nearest
        Functions that return the contributions of a text's words, and similar training texts; None if unavailable.

    Examples
    --------
    >>> explain = lambda text: np.array([[2.0, 0.5]])
    >>> found = text_confusions(["a"], np.array([1]), np.array([[0.9, 0.1]]), ["x", "y"], explain)
    >>> found[0].true, found[0].predicted, found[0].mistakes[0].marks
    ('y', 'x', (Mark(start=0, stop=1, value=1.5, note=''),))
    """
    predicted, support = probabilities.argmax(1), np.bincount(gold, minlength=len(labels))
    shown = Shown(texts, explain, nearest)
    found = list[Confusion]()
    for kind in most_confused(gold.tolist(), predicted.tolist(), probabilities.max(1).tolist(), texts):
        one, other = kind.predicted, kind.true
        values = partial(_difference, one=one, other=other)
        mistakes = [shown.mistake(at, values, probabilities[at, [one, other]]) for at in kind.shown]
        found.append(Confusion(labels[other], labels[one], kind.examples, int(support[other]), tuple(mistakes)))
    return found


def _difference(said: Doubles, one: int, other: int) -> Doubles:
    """Return the contributions of words to one label against another."""
    return _said_for(said, one) - _said_for(said, other)


def _said_for(said: Doubles, label: int) -> Doubles:
    """Return the contributions of words to a label; zeros for one unknown to the model."""
    return said[:, label] if label < said.shape[1] else np.zeros(len(said))


def label_confusions(
    texts: Sequence[str],
    gold: NDArray[np.int64],
    probabilities: Doubles,
    labels: Sequence[str],
    explain: Explain | None = None,
    nearest: Nearest | None = None,
) -> list[Confusion]:
    """Return the most frequent mistakes in multi-label data: false negatives and false positives of a label.

    Parameters are those of `text_confusions`, with ``gold`` 1 if a label applies, 0 if not and -1 if unknown,
    (texts, labels).
    """
    wrong = (probabilities > 0.5) != (gold > 0)
    kinds = [(int((wrong & (gold == side))[:, k].sum()), k, side) for k in range(len(labels)) for side in (0, 1)]
    frequent = sorted((kind for kind in kinds if kind[0]), key=lambda each: -each[0])[:KINDS]
    shown = Shown(texts, explain, nearest)
    return [_label_confusion(shown, gold, probabilities, labels, label, side) for _, label, side in frequent]


def _label_confusion(
    shown: Shown, gold: NDArray[np.int64], probabilities: Doubles, labels: Sequence[str], label: int, side: int
) -> Confusion:
    """Return a label's mistakes on texts where it applies (side 1) or does not (0)."""
    sign, own = (1.0, probabilities[:, label]) if side == 0 else (-1.0, 1 - probabilities[:, label])
    places = np.flatnonzero((gold[:, label] == side) & ((probabilities[:, label] > 0.5) != side)).tolist()
    mistakes = [
        shown.mistake(at, lambda said: sign * _said_for(said, label), np.array([own[at], 1 - own[at]]))
        for at in surest(places, own.tolist(), shown.texts)[:EXAMPLES]
    ]
    names = (f"not {labels[label]}", labels[label])
    support = int((gold[:, label] == side).sum())
    return Confusion(names[side], names[1 - side], len(places), support, tuple(mistakes))


@dataclass(frozen=True)
class Shown:
    """Texts to show, and the functions that explain them."""

    texts: Sequence[str]
    explain: Explain | None
    nearest: Nearest | None

    def mistake(self, place: int, values: Callable[[Doubles], Doubles], probabilities: Doubles) -> Mistake:
        """Return a text, its words marked with ``values`` of their contributions.

        The probabilities are of the predicted and the true label.
        """
        text = self.texts[place]
        own = text if len(text) <= LONGEST else f"{_whole_words(text[:LONGEST])} \u2026"
        near = () if self.nearest is None else tuple(self.nearest(text))
        one, other = probabilities.tolist()
        if self.explain is None:
            return Mistake(own, (), one, other, near)
        said, spans = values(self.explain(text)), token_spans(own)
        marks = tuple(Mark(*span, value) for span, value in zip(spans, said[: len(spans)].tolist(), strict=False))
        # Of a label that the model does not know the probability is 0.
        before = float(np.log(one / other) - said.sum()) if one and other else None
        return Mistake(own, marks, one, other, near, before)


def _whole_words(text: str) -> str:
    """Return a text without its last word, which may be cut; a text of one word is unchanged."""
    return text.rsplit(maxsplit=1)[0] if len(text.split(maxsplit=1)) > 1 else text.strip()


def tag_confusions(
    sentences: Sequence[Sequence[str]],
    gold: Sequence[Sequence[str | None]],
    predicted: Sequence[Sequence[str]],
    probabilities: Sequence[Sequence[float]] | None = None,
) -> list[Confusion]:
    """Return the most frequent confusions of tags, with sentences in which the misclassified tokens are marked.

    Parameters
    ----------
    sentences, gold, predicted
        Tokens, their tags, None if unknown, and the predicted ones.
    probabilities
        The probability of each predicted tag; None if unknown.

    Examples
    --------
    >>> found = tag_confusions([["a", "b"]], [["X", "Y"]], [["X", "X"]])
    >>> found[0].true, found[0].predicted, found[0].mistakes[0].marks
    ('Y', 'X', (Mark(start=2, stop=3, value=1.0, note='Y, not X'),))
    """
    tokens = [(row, at) for row, tags in enumerate(gold) for at, tag in enumerate(tags) if tag is not None]
    true, told = ([str(tags[row][at]) for row, at in tokens] for tags in (gold, predicted))
    names = sorted({*true, *told})
    numbers, joined = {tag: place for place, tag in enumerate(names)}, [" ".join(own) for own in sentences]
    sure = [0.0 if probabilities is None else float(probabilities[row][at]) for row, at in tokens]
    kinds = most_confused(
        [numbers[tag] for tag in true], [numbers[tag] for tag in told], sure, [joined[row] for row, _ in tokens]
    )
    found = list[Confusion]()
    for kind in kinds:
        own = [(*tokens[place], None if probabilities is None else sure[place]) for place in kind.shown]
        mistakes = [
            Mistake(joined[row], _tag_marks(sentences[row], gold[row], predicted[row], at), probability)
            for row, at, probability in own
        ]
        name = names[kind.true]
        found.append(Confusion(name, names[kind.predicted], kind.examples, true.count(name), tuple(mistakes)))
    return found


def _tag_marks(
    tokens: Sequence[str], gold: Sequence[str | None], predicted: Sequence[str], shown: int
) -> tuple[Mark, ...]:
    """Return marks of the misclassified tokens; the one at ``shown`` is stronger than others."""
    marks, start = list[Mark](), 0
    for at, token in enumerate(tokens):
        if gold[at] is not None and gold[at] != predicted[at]:
            value = 1.0 if at == shown else 0.5
            marks.append(Mark(start, start + len(token), value, f"{gold[at]}, not {predicted[at]}"))
        start += len(token) + 1
    return tuple(marks)
