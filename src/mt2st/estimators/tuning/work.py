"""The predicted cost of a fit, from amounts of text and settings, in seconds of one AMD Zen 4 core.

A clock would be more accurate, but different each time: a search by the clock tries more on an idle machine than on a
busy one, and finds other settings. These functions give the same everywhere. `python benchmarks/tuning.py calibrate`
compares them with measured times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Self

from mt2st.estimators.fitting.convex_end import holds_out_once
from mt2st.estimators.fitting.fit_text import language_passes
from mt2st.estimators.fitting.probe import MOST
from mt2st.estimators.fitting.side_by_side import by_products
from mt2st.models.columns.build import COUNTED, COUNTED_WORDS, want_ngrams
from mt2st.models.convex.block_code import OUTPUTS
from mt2st.models.convex.rows import APART
from mt2st.text.tokenizer import ALONE

SINGLE = re.compile(f"[{ALONE}]")
# Cost of any fit; of reading a word; of a character of a text with n-grams.
FIT, READ, CHARACTER = 0.02, 5e-7, 2e-7
# Cost of a word in a pass of the language model: a constant, and per dimension.
STEP, DIMENSION = 8e-8, 9e-10
# Cost of a convex fit per output: per column of a text; by products, per pair of texts, and to compute the products,
# per column of a text and other text.
COLUMN, PAIR, PRODUCT = 2e-8, 4e-9, 4e-10
# Cost of a block of outputs, which are solved together, in outputs.
BLOCK = 2.5
# Number of convex fits, as cross-validation tries 7 strengths on each fold.
TRIED = 35
# Cost of the scores during a run: a constant, and per multiplication.
WATCHED, WATCH = 0.025, 5e-9
# Factor for very many texts, of which only one of five folds is held out.
ONCE = 0.4
# Approximate n-grams per word; factor for the number of fits if shares of vectors are tried.
NGRAMS, SHARES = 10, 2.2
# Cost of a tagger: per token in a pass, a constant and per hidden unit; per token in a pass over text.
TOKEN, UNIT, SKIPGRAM = 4e-6, 8e-8, 6e-7


@dataclass(frozen=True)
class Amounts:
    """The amounts of text.

    Attributes
    ----------
    texts, words, characters
        Numbers for the labelled texts; words are separated by white space, or are characters that are tokens.
    other_texts, other_words, other_characters
        Numbers for all other texts.
    outputs
        Outputs of the head.
    helped
        Number of words of auxiliary texts, times the outputs of their heads.
    """

    texts: int
    words: int
    characters: int
    other_texts: int
    other_words: int
    other_characters: int
    outputs: int
    helped: int

    @classmethod
    def of(
        cls,
        labelled: Sequence[str],
        unlabelled: Sequence[str],
        outputs: int,
        helping: Iterable[tuple[Sequence[str], int]],
    ) -> Self:
        """Count texts; ``helping`` has the auxiliaries' texts with the outputs of their heads.

        Examples
        --------
        >>> Amounts.of(["a film"], ["one more"], 1, [(["a phone"], 2)])
        Amounts(texts=1, words=2, characters=6, other_texts=2, other_words=4, other_characters=15, outputs=1, helped=4)
        >>> Amounts.of(["\u5f88\u597d"], [], 1, []).words  # one and two characters that are tokens
        3
        """
        lots = list(helping)
        others = [*unlabelled, *(text for texts, _ in lots for text in texts)]
        helped = sum(_words(texts) * number for texts, number in lots)
        return cls(*_counts(labelled), *_counts(others), outputs, helped)


def _counts(texts: Sequence[str]) -> tuple[int, int, int]:
    return len(texts), _words(texts), sum(map(len, texts))


def _words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) + (0 if text.isascii() else len(SINGLE.findall(text))) for text in texts)


def classifier_work(amounts: Amounts, parameters: Mapping[str, Any]) -> float:
    """Return the cost of a fit of `mt2st.TextClassifier`.

    Parameters
    ----------
    amounts
        The amounts of text.
    parameters
        Its own.
    """
    size = int(parameters["vector_size"])
    wanted = want_ngrams(amounts.words, amounts.texts)
    ngrams = parameters["ngrams"] is True or (parameters["ngrams"] == "auto" and wanted)
    every = amounts.words + amounts.other_words
    work = FIT + READ * every
    if ngrams:
        counted = min(1.0, COUNTED / max(amounts.other_texts, 1), COUNTED_WORDS / max(amounts.other_words, 1))
        work += CHARACTER * (amounts.characters + amounts.other_characters * counted)
    columns = 1 + bool(parameters["pairs"]) + NGRAMS * ngrams
    work += COLUMN * amounts.helped * columns
    asked = None if parameters["passes"] == "auto" else float(parameters["passes"])
    passes = language_passes(asked, every, amounts.other_words, amounts.texts)
    folds = ONCE if holds_out_once(amounts.texts, amounts.outputs) else 1.0
    if not size or not (passes or amounts.helped):
        return work + convex_work(amounts.texts, amounts.words * columns, amounts.outputs, TRIED * folds)
    work += WATCHED + WATCH * size**2 * (min(amounts.texts, MOST) + size)
    work += passes * every * (STEP + DIMENSION * size)
    entries = amounts.words * columns + size * amounts.texts
    return work + convex_work(amounts.texts, entries, amounts.outputs, SHARES * TRIED * folds)


def convex_work(texts: int, entries: int, outputs: int, fits: float) -> float:
    """Return the cost of ``fits`` convex fits to ``texts`` texts that have ``entries`` columns in all.

    Examples
    --------
    >>> round(convex_work(1000, 10_000, 1, 10), 6), round(convex_work(1000, 200_000, 1, 10), 6)  # 2e-8, 4e-9 and 4e-10
    (0.002, 0.12)
    >>> round(convex_work(1000, 10_000, 20, 10), 6)  # two blocks
    0.01
    """
    if by_products(texts, entries):
        return PRODUCT * texts * entries + PAIR * texts**2 * outputs * fits
    return COLUMN * entries * fits * (outputs if outputs <= APART else BLOCK * ceil(outputs / OUTPUTS))


def tagger_work(tokens: int, helped: int, text: int, parameters: Mapping[str, Any]) -> float:
    """Return the cost of a fit of `mt2st.TokenTagger`.

    Parameters
    ----------
    tokens, helped, text
        Number of tokens of the sentences, of auxiliaries, and of unlabelled text.
    parameters
        Its own.
    """
    own = float(parameters["passes"]) * tokens + float(parameters["auxiliary_passes"]) * helped
    learned = int(parameters["vector_epochs"]) * (tokens + helped + text) if parameters["vectors"] is None else 0
    return FIT + own * (TOKEN + UNIT * int(parameters["hidden_size"])) + SKIPGRAM * learned
