"""A whole fit on files: fit to the training part, save, and evaluate once on the test part."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias, cast

from mt2st.errors import counted
from mt2st.estimators.fitting.fitted import Fitted
from mt2st.estimators.fitting.progress import report_progress
from mt2st.estimators.inputs.sets import Sets
from mt2st.estimators.saving.packing import pack
from mt2st.estimators.saving.saved_files import add_test_score
from mt2st.estimators.tagging.files import check_quantizable
from mt2st.estimators.text_classifier import TextClassifier
from mt2st.estimators.token_tagger import TokenTagger

Either: TypeAlias = TextClassifier | TokenTagger
MODEL, REPORT = "model", "report.html"


def new_estimator(kind: str, seed: int) -> Either:
    """Return the estimator for a kind of `mt2st.estimators.inputs.files.KINDS`, with defaults except for the seed."""
    return TokenTagger(seed=seed) if kind == "tagging" else TextClassifier(random_state=seed)


def fit_training(estimator: Either, sets: Sets) -> None:
    """Fit to the training part, with unlabelled texts and auxiliaries, if there are any."""
    estimator.fit(*sets.training.pair(), unlabelled=sets.unlabelled or None, auxiliary=sets.auxiliary)


def fit_sets(estimator: Either, sets: Sets, folder: Path, *, quantize: bool) -> dict[str, Any]:
    """Fit, save and evaluate, and return the record as JSON values.

    Parameters
    ----------
    estimator
        An estimator for the kind of the sets.
    sets
        The data.
    folder
        An existing folder for ``model`` and, if there is a test part, the page of mistakes, ``report.html``.
    quantize
        Save a tenth of the size. The evaluation is of the saved model.

    Raises
    ------
    DataError, ConfigError
        As the estimator's ``fit``, ``save`` and ``evaluate``.
    """
    if quantize and isinstance(estimator, TokenTagger):
        check_quantizable(native=estimator.encoder == "window")  # before the work, not after it
    begun = perf_counter()
    fit_training(estimator, sets)
    seconds = perf_counter() - begun
    report_progress("saving")
    estimator.save(folder / MODEL, quantize=quantize)
    test = judge_saved(estimator, sets, folder, quantized=quantize) if len(sets.test) else None
    return {**_described(estimator, sets), "test": test, "quantized": quantize, "seconds": seconds}


def judge_saved(estimator: Either, sets: Sets, folder: Path, *, quantized: bool) -> dict[str, Any]:
    """Return the measures on the test part as JSON values, add them to the model card, and write the page of mistakes.

    Parameters
    ----------
    estimator
        The fitted estimator.
    sets
        The data.
    folder
        The folder with its ``model``, where the page goes.
    quantized
        Whether it was quantized as it was saved, so that what was saved differs.
    """
    from mt2st.estimators.loading import load

    report_progress("judging")
    saved = cast("Either", load(folder / MODEL)) if quantized else estimator
    measures = saved.evaluate(*sets.test.pair()).as_dict()
    saved.report(*sets.test.pair(), folder / REPORT)
    noun = "sentence" if isinstance(estimator, TokenTagger) else "text"
    add_test_score(folder / MODEL, measures, counted(len(sets.test), noun))
    return {"rows": len(sets.test), **measures}


def _described(estimator: Either, sets: Sets) -> dict[str, Any]:
    return {
        "parameters": {name: pack(value) for name, value in estimator.get_params(deep=False).items()},
        "rows": len(sets.training),
        "unlabelled": len(sets.unlabelled),
        "auxiliary": {name: len(texts) for name, (texts, _) in sets.auxiliary.items()},
        "skipped_rows": sets.skipped,
        "labels": estimator.classes_.tolist(),
        "found": _of_tagger(estimator) if isinstance(estimator, TokenTagger) else _of_classifier(estimator),
    }


def _of_classifier(classifier: TextClassifier) -> dict[str, Any]:
    fitted = classifier.fitted_
    columns, head = fitted.model.columns, fitted.head
    return {
        "words": len(columns.words),
        "pairs": len(columns.pairs.keys),
        "ngrams": 0 if columns.ngram_idf is None else len(columns.ngram_idf),
        "vectors": 0 if fitted.vectors is None else len(fitted.vectors.table),
        "vectors_share": head.share,
        "switch": _switch(fitted) if fitted.records else None,
        "C": head.cost,
        "cross_validated_accuracy": head.accuracy,
        "seconds": fitted.seconds,
    }


def _switch(fitted: Fitted) -> float:
    """Return the share of the multi-task phase after which the single-task phase began; 1 if it never did."""
    from mt2st.estimators.fitting.joint import STEPS  # a third of a second, for who has had it anyway

    moments = [record["step"] for record in fitted.records if record.get("event") == "single-task"]
    return moments[-1] / STEPS if moments else 1.0


def _of_tagger(tagger: TokenTagger) -> dict[str, Any]:
    return {"scheme": tagger.scheme_, "work": tagger.work_}
