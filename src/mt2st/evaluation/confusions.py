"""From predictions to the confusions worth showing: of one label a text, of several, and of tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mt2st.evaluation.mistakes import EXAMPLES, KINDS, Confusion, Mark, Mistake, Near, most_confused, surest
from mt2st.text import token_spans

Doubles = NDArray[np.float64]
# Gives what each word of a text, as `mt2st.text.token_spans` finds them, adds to the log-odds of each label.
Explain = Callable[[str], Doubles]
Nearest = Callable[[str], Sequence[Near]]


def text_confusions(
    texts: Sequence[str],
    gold: NDArray[np.int64],
    chances: Doubles,
    labels: Sequence[str],
    explain: Explain | None = None,
    nearest: Nearest | None = None,
) -> list[Confusion]:
    """Return the most frequent confusions of texts with one label each.

    Parameters
    ----------
    texts, gold
        What was judged, and the number of each text's label.
    chances
        How likely each label was said to be, (texts, labels).
    labels
        Their names; the last may be ones that the model does not know.
    explain, nearest
        Tell of the words of a text, and of training texts like it; None where nothing is known.

    Examples
    --------
    >>> explain = lambda text: np.array([[2.0, 0.5]])
    >>> found = text_confusions(["a"], np.array([1]), np.array([[0.9, 0.1]]), ["x", "y"], explain)
    >>> found[0].true, found[0].predicted, found[0].mistakes[0].marks
    ('y', 'x', (Mark(start=0, stop=1, value=1.5, note=''),))
    """
    predicted, support = chances.argmax(1), np.bincount(gold, minlength=len(labels))
    found = list[Confusion]()
    for kind in most_confused(gold.tolist(), predicted.tolist(), chances.max(1).tolist(), texts):

        def values(text: str, kind: tuple[int, int] = (kind.predicted, kind.true)) -> Doubles:
            said = np.zeros((0, 0)) if explain is None else explain(text)
            one, other = (said[:, k] if k < said.shape[1] else np.zeros(len(said)) for k in kind)
            return np.asarray(one - other)

        mistakes = [
            _mistake(texts[at], values, chances[at, kind.predicted], chances[at, kind.true], nearest)
            for at in kind.shown
        ]
        names = labels[kind.true], labels[kind.predicted]
        found.append(Confusion(*names, kind.examples, int(support[kind.true]), tuple(mistakes)))
    return found


def label_confusions(
    texts: Sequence[str],
    gold: NDArray[np.int64],
    chances: Doubles,
    labels: Sequence[str],
    explain: Explain | None = None,
    nearest: Nearest | None = None,
) -> list[Confusion]:
    """Return the most frequent mistakes where texts may have several labels: a label that is missed, or wrongly given.

    Parameters are as of `text_confusions`, ``gold`` being 1 where a label holds and 0 where not, (texts, labels).
    """
    given = (chances > 0.5).astype(np.int64)
    wrong = given != gold
    kinds = [(int((wrong & (gold == side))[:, k].sum()), k, side) for k in range(len(labels)) for side in (0, 1)]
    found = list[Confusion]()
    for number, label, side in sorted((kind for kind in kinds if kind[0]), key=lambda each: -each[0])[:KINDS]:
        sign = 1.0 if side == 0 else -1.0

        def values(text: str, label: int = label, sign: float = sign) -> Doubles:
            return np.zeros(0) if explain is None else sign * explain(text)[:, label]

        sure = (chances[:, label] if side == 0 else 1 - chances[:, label]).tolist()
        own = np.flatnonzero(wrong[:, label] & (gold[:, label] == side)).tolist()
        shown = surest(own, sure, texts)[:EXAMPLES]
        mistakes = [_mistake(texts[at], values, sure[at], 1 - sure[at], nearest) for at in shown]
        names = (f"not {labels[label]}", labels[label])
        true, predicted = names if side == 0 else names[::-1]
        found.append(Confusion(true, predicted, number, int((gold[:, label] == side).sum()), tuple(mistakes)))
    return found


def _mistake(
    text: str, values: Callable[[str], Doubles], chance: float, true_chance: float, nearest: Nearest | None
) -> Mistake:
    spans = token_spans(text)
    marks = tuple(Mark(*span, value) for span, value in zip(spans, values(text).tolist(), strict=False))
    near = () if nearest is None else tuple(nearest(text))
    return Mistake(text, marks, float(chance), float(true_chance), near)


def tag_confusions(
    sentences: Sequence[Sequence[str]],
    gold: Sequence[Sequence[str | None]],
    predicted: Sequence[Sequence[str]],
    chances: Sequence[Sequence[float]] | None = None,
) -> list[Confusion]:
    """Return the most frequent confusions of tags, with sentences in which the tokens told wrong are marked.

    Parameters
    ----------
    sentences, gold, predicted
        Tokens, their tags, None where not known, and the predicted ones.
    chances
        How likely each predicted tag was said to be; None where that is not known.

    Examples
    --------
    >>> found = tag_confusions([["a", "b"]], [["X", "Y"]], [["X", "X"]])
    >>> found[0].true, found[0].predicted, found[0].mistakes[0].marks
    ('Y', 'X', (Mark(start=2, stop=3, value=1.0, note='Y, not X'),))
    """
    tokens = [
        (row, at, tag, predicted[row][at])
        for row, tags in enumerate(gold)
        for at, tag in enumerate(tags)
        if tag is not None
    ]
    numbers = {tag: place for place, tag in enumerate(sorted({tag for *_, one, two in tokens for tag in (one, two)}))}
    names = list(numbers)
    true, told = [numbers[tag] for _, _, tag, _ in tokens], [numbers[tag] for *_, tag in tokens]
    sure = [0.0 if chances is None else float(chances[row][at]) for row, at, *_ in tokens]
    joined = [" ".join(own) for own in sentences]
    support = np.bincount(true, minlength=len(names))
    found = list[Confusion]()
    for kind in most_confused(true, told, sure, [joined[row] for row, *_ in tokens]):
        mistakes = []
        for place in kind.shown:
            row, at, *_ = tokens[place]
            marks = _tag_marks(sentences[row], gold[row], predicted[row], at)
            mistakes.append(Mistake(joined[row], marks, sure[place] if chances is not None else None))
        found.append(
            Confusion(names[kind.true], names[kind.predicted], kind.examples, int(support[kind.true]), tuple(mistakes))
        )
    return found


def _tag_marks(
    tokens: Sequence[str], gold: Sequence[str | None], predicted: Sequence[str], shown: int
) -> tuple[Mark, ...]:
    """Return marks of the tokens told wrong; the one that is shown counts more than others."""
    marks, start = list[Mark](), 0
    for at, token in enumerate(tokens):
        if gold[at] is not None and gold[at] != predicted[at]:
            value = 1.0 if at == shown else 0.5
            marks.append(Mark(start, start + len(token), value, f"{gold[at]}, not {predicted[at]}"))
        start += len(token) + 1
    return tuple(marks)
