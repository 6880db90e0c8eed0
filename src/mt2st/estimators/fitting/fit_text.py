"""Fit a model to labelled texts and helping data: choose columns, train the table, fit the head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.fitting.blocks import NGRAM_SHARE, text_blocks
from mt2st.estimators.fitting.convex_end import fit_head
from mt2st.estimators.fitting.fitted import Fitted, Head, Vectors
from mt2st.estimators.fitting.held_out import Known, columns_elsewhere
from mt2st.estimators.fitting.helpers import Helpers, fit_helpers, texts_in_turn
from mt2st.estimators.fitting.one_blas_thread import one_blas_thread
from mt2st.estimators.fitting.passes import planned_passes
from mt2st.estimators.fitting.progress import report_progress
from mt2st.estimators.fitting.widening import widened
from mt2st.estimators.inputs.fit_settings import FitSettings
from mt2st.estimators.inputs.labelled import Labelled
from mt2st.estimators.inputs.targets import Targets
from mt2st.models.columns import TextColumns, TextRows
from mt2st.models.columns.build import Chosen, choose_columns
from mt2st.models.linear_text import LinearText

if TYPE_CHECKING:
    from mt2st.tasks import LabelledRows

# a in the words' weights a / (a + frequency), and the minimum number of words from which a language model learns.
SMOOTHING, LEAST_TEXT = 1e-3, 30_000
# Minimum occurrences of a word if there are auxiliaries, whose labels help to learn its weight.
HELPED_MIN_COUNT = 2


def language_passes(passes: float | None, words: int, other_words: int, labelled: int) -> float:
    """Return the number of passes of the language model over labelled and other texts; 0 if it learns nothing of use.

    Parameters
    ----------
    passes
        What was asked for; None for as many as are needed. That is none if there is little other text: vectors learned
        from the labelled texts alone do not improve accuracy, at two to six times the seconds of a fit.
    words, other_words
        The number of words in all texts, and in all but the labelled ones.
    labelled
        The number of labelled texts.

    Examples
    --------
    >>> language_passes(None, 6_000_000, 0, 250), language_passes(2.0, 6_000_000, 0, 250)
    (0.0, 2.0)
    >>> language_passes(None, 6_000_000, 5_000_000, 250), language_passes(2.0, 9000, 8000, 250)
    (5.0, 0.0)
    """
    enough = (other_words if passes is None else words) >= LEAST_TEXT
    return planned_passes(passes, words, labelled) if enough else 0.0


@one_blas_thread()
def fit_text(
    texts: list[str],
    targets: Targets,
    sample_weight: NDArray[np.float64],
    unlabelled: list[str],
    auxiliary: Mapping[str, Labelled],
    settings: FitSettings,
) -> Fitted:
    """Fit a model; see `mt2st.TextClassifier.fit`."""
    begun = perf_counter()
    report_progress("choosing columns")
    others = [*chain.from_iterable(own.texts for own in auxiliary.values()), *unlabelled]
    least = min(settings.min_count, HELPED_MIN_COUNT) if auxiliary else settings.min_count, settings.pair_min_count
    chosen = choose_columns(
        texts, others, pairs=settings.pairs, ngrams=settings.ngrams, min_count=least[0], shared=least[1]
    )
    elsewhere = columns_elsewhere(chosen, *least)
    chosen_at = perf_counter()
    parts = texts_in_turn(chosen.others, list(map(len, auxiliary.values())))
    labelled = {name: (part, auxiliary[name].targets) for name, part in zip(auxiliary, parts, strict=True)}
    vectors, records = _learn_vectors(chosen, targets, sample_weight, labelled, settings)
    helpers = fit_helpers(chosen, list(labelled.values()), settings.workers)
    trained_at = perf_counter()
    blocks = text_blocks(chosen.labelled, helpers, vectors)
    known = Known.of(elsewhere, chosen.labelled, vectors)
    head = _head(blocks, targets, sample_weight, same_texts(chosen.labelled), known, settings)
    seconds = {
        "columns": chosen_at - begun,
        "multi-task": trained_at - chosen_at,
        "convex": perf_counter() - trained_at,
    }
    model = linear_text(chosen.columns, helpers, vectors, head)
    return Fitted(model, helpers, vectors, head, records, seconds, elsewhere)


@one_blas_thread()
def refit_head(
    before: Fitted,
    texts: list[str],
    earlier: int,
    targets: Targets,
    sample_weight: NDArray[np.float64],
    settings: FitSettings,
) -> Fitted:
    """Fit the head again to all texts, of which the first ``earlier`` are not new, adding columns; vectors stay."""
    begun = perf_counter()
    fitted, columns = widened(before, texts, earlier, pairs=settings.pairs)
    helpers, vectors, rows = fitted.helpers, fitted.vectors, columns.rows(texts)
    blocks, known = text_blocks(rows, helpers, vectors), Known.of(fitted.elsewhere, rows, vectors)
    head = _head(blocks, targets, sample_weight, same_texts(rows), known, settings)
    seconds = {**fitted.seconds, "convex": perf_counter() - begun}
    return replace(fitted, model=linear_text(columns, helpers, vectors, head), head=head, seconds=seconds)


def _learn_vectors(
    chosen: Chosen,
    targets: Targets,
    sample_weight: NDArray[np.float64],
    auxiliary: Mapping[str, tuple[TextRows, Targets]],
    settings: FitSettings,
) -> tuple[Vectors | None, list[dict[str, Any]]]:
    """Train the shared table, if there is enough text, or an auxiliary, to learn it from."""
    own, others = (len(each.texts.ids.ids) for each in (chosen.labelled, chosen.others))
    passes = language_passes(settings.passes, own + others, others, len(chosen.labelled))
    if not settings.vector_size or not (passes or auxiliary):
        return None, []
    # Imported here, as it takes a third of a second and little text does not need it.
    from mt2st.estimators.fitting.joint import JointSettings, train_jointly

    def rows(texts: TextRows, targets: Targets) -> LabelledRows:
        return labelled_rows(texts.words_and_pairs.below(len(chosen.counts) + len(chosen.pair_counts)), targets)

    joint = train_jointly(
        chosen,
        rows(chosen.labelled, targets).select(np.flatnonzero(sample_weight.any(1))),
        {name: rows(*own) for name, own in auxiliary.items()},
        JointSettings(settings.strategy, settings.vector_size, SMOOTHING, passes, settings.seed, settings.workers),
    )
    return Vectors.of(joint, chosen.labelled), joint.records


def labelled_rows(rows: Any, targets: Targets) -> LabelledRows:
    """Return rows with a class for each label, or for each set of labels if a text may have several."""
    from mt2st.tasks import LabelledRows  # loads kernels

    return LabelledRows(rows, targets.groups, tuple(map(str, range(int(targets.groups.max()) + 1))))


def same_texts(texts: TextRows) -> NDArray[np.int64]:
    """Return a number for each text, equal for texts with the same words."""
    numbers = dict[bytes, int]()
    return np.array([numbers.setdefault(own, len(numbers)) for own in texts.contents()], np.int64)


def _head(
    blocks: list[Any],
    targets: Targets,
    sample_weight: NDArray[np.float64],
    same: NDArray[np.int64],
    known: Known,
    settings: FitSettings,
) -> Head:
    report_progress("fitting the head")
    return fit_head(
        blocks,
        targets.signs,
        sample_weight,
        vectors=known.vectors is not None,
        several=targets.several,
        costs=settings.costs,
        seed=settings.seed,
        workers=settings.workers,
        same=same,
        known=known,
    )


def linear_text(columns: TextColumns, helpers: Helpers | None, vectors: Vectors | None, head: Head) -> LinearText:
    """Return a linear model of columns and rows, into which the head's weights of helpers and vectors are folded."""
    ngrams, helped = 0 if columns.ngram_idf is None else len(columns.ngram_idf), 0 if helpers is None else len(helpers)
    words, grams, own, rest = np.split(head.weights, np.cumsum([len(columns), ngrams, helped]))
    rest, bias = rest[:-1], rest[-1]
    if helpers is not None:
        words, grams, bias = helpers.fold(own, words, grams, bias)
    parts = [np.ascontiguousarray(part, np.float32) for part in (words, grams * NGRAM_SHARE)]
    said, row_weights = parts[0][:0], np.empty(0, np.float32)
    if vectors is not None:
        # The mean is subtracted from each row, so that a text without rows has the score of the bias.
        said = np.ascontiguousarray(((vectors.table - vectors.mean) * vectors.scale) @ rest, np.float32)
        row_weights = vectors.row_weights
    return LinearText(columns, parts[0], parts[1], said, row_weights, np.asarray(bias, np.float32))
