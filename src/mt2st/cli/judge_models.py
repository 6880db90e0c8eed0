"""Evaluating a model of any kind on a file of labelled examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from mt2st.cli.known_labels import as_known, check_tags_known
from mt2st.errors import DataError, counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.estimators.tagging.plan import FinishedTagger
    from mt2st.estimators.text_classifier import TextClassifier
    from mt2st.models import TextModel
    from mt2st.report.findings import Findings
    from mt2st.training.settings.labelled import LabelledSource


class Judged(NamedTuple):
    """The results: measures, a function that makes the content of the page, and the skipped rows by reason."""

    measures: dict[str, Any]
    findings: Callable[[], Findings]
    skipped: dict[str, int]


def judge_model(model: Path, data: str, reading: Mapping[str, str | None], on_bad_rows: str) -> Judged:
    """Evaluate the model of a run, or a saved estimator.

    Parameters
    ----------
    model
        Its folder.
    data, reading, on_bad_rows
        The file, and how to read it, see `mt2st.cli.sources.read_source`.
    """
    from mt2st.cli.sources import read_source
    from mt2st.estimators import loading
    from mt2st.models.model_files import is_tagger
    from mt2st.text.parameters import as_flag

    def source(kind: str) -> LabelledSource:
        return read_source({"kind": kind, **reading}, as_flag)

    if loading.is_tagger(model) or is_tagger(model):
        return _judge_tagger(model, data, source("tagging"), on_bad_rows)
    if loading.is_classifier(model):
        classifier = cast("TextClassifier", loading.load(model))
        kind = "multilabel" if classifier.several_ else "classification"
        return _judge_classifier(classifier, data, source(kind), on_bad_rows)
    from mt2st.models import TextModel

    return _judge_run(TextModel.load(model), data, source("classification"), on_bad_rows)


def _judge_classifier(classifier: TextClassifier, data: str, source: LabelledSource, on_bad_rows: str) -> Judged:
    import numpy as np

    from mt2st.estimators.inputs.labelled_sets import as_labelled_set

    # Labels of a file are strings, so convert the model's; a label unknown to it counts as misclassified.
    classes = [str(label) for label in classifier.classes_.tolist()]
    classifier.classes_ = np.array(classes)
    known, skipped = _read_known(data, source, on_bad_rows)
    known_texts = as_known(as_labelled_set(known, source), classes, data)
    return Judged(
        classifier.evaluate(*known_texts.pair()).as_dict(),
        lambda: classifier.findings(*known_texts.pair(), title=Path(data).name),
        skipped,
    )


def _read_known(data: str, source: LabelledSource, on_bad_rows: str) -> tuple[list[Any], dict[str, int]]:
    """Return the examples with a known label, and the counts of skipped rows, including those without one."""
    from mt2st.estimators.inputs.labelled_sets import read_labelled
    from mt2st.text.parameters import told

    known, without, skipped = read_labelled(data, source, on_bad_rows, to_learn=False)
    if not known:
        remedy = f"see {told('label_column')}"
        raise DataError(f"{counted(len(without), 'example')} and no label to evaluate on: {remedy}", path=data)
    return known, {**skipped, **({"without a label to evaluate on": len(without)} if without else {})}


def _judge_run(model: TextModel, data: str, source: LabelledSource, on_bad_rows: str) -> Judged:
    import numpy as np

    from mt2st.estimators.inputs.labelled_sets import as_labelled_set
    from mt2st.evaluation import evaluate_calibration, evaluate_classification

    known, skipped = _read_known(data, source, on_bad_rows)
    # A label unknown to the model has probability 0, so its texts count as misclassified.
    texts, labels = as_known(as_labelled_set(known, source), model.classes, data).pair()
    names = tuple(dict.fromkeys((*model.classes, *labels)))
    number = {label: place for place, label in enumerate(names)}
    gold = np.array([number[label] for label in labels], np.int64)
    probabilities = np.asarray(model.predict_proba(texts), np.float64)
    probabilities = np.pad(probabilities, ((0, 0), (0, len(names) - probabilities.shape[1])))
    report = evaluate_classification(gold, probabilities.argmax(1), names).as_dict()
    measures = {**report, "calibration": evaluate_calibration(probabilities.clip(0, 1), gold).as_dict()}
    return Judged(
        measures, lambda: _run_findings(model, texts, gold, probabilities, measures, Path(data).name), skipped
    )


def _run_findings(
    model: TextModel,
    texts: list[str],
    gold: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    measures: dict[str, Any],
    title: str,
) -> Findings:
    from mt2st.evaluation.confusions import text_confusions
    from mt2st.report.counting import find_coverage
    from mt2st.report.findings import Findings
    from mt2st.text import tokenize

    explain = model.contributions if model.encoder == "bag" else None
    tokens = [tokenize(text) for text in texts]
    return Findings(
        title=title,
        about=f"The model of a run, {len(model.classes)} labels, judged on {counted(len(texts), 'text')}.",
        measures=measures,
        calibration=measures["calibration"],
        confusions=text_confusions(texts, gold, probabilities, measures["labels"], explain),
        coverage=find_coverage(
            tokens, lambda word: model.features.words.get(word) is not None, probabilities.argmax(1) == gold
        ),
    )


def _judge_tagger(folder: Path, data: str, source: LabelledSource, on_bad_rows: str) -> Judged:
    from mt2st.evaluation.tagging import check_judgeable, evaluate_tagging
    from mt2st.report.tagging import tagging_findings
    from mt2st.text.rows import Rows
    from mt2st.text.tagged import read_tagged
    from mt2st.training.further.tagging import of_spans

    rows = Rows(data, on_bad_rows == "skip")
    columns = {"token_column": source.text_column, "tag_column": source.label_column}
    found = read_tagged(data, format=source.format, rows=rows, **columns)
    model, spans = _tagger(folder)
    if spans:
        found = list(rows.good(found, of_spans))
    sentences, gold = [each.tokens for each in found], [each.tags for each in found]
    check_judgeable(gold, spans=spans, path=data)
    check_tags_known(chain.from_iterable(gold), model.classes, data)
    predicted = model.predict(sentences)

    def findings() -> Findings:
        return tagging_findings(
            sentences,
            gold,
            predicted,
            classes=model.classes,
            known=model.knows,
            spans=spans,
            title=Path(data).name,
            probabilities=model.predict_proba(sentences),
        )

    return Judged(evaluate_tagging(gold, predicted, spans=spans).as_dict(), findings, dict(rows.skipped))


def _tagger(folder: Path) -> tuple[FinishedTagger, bool]:
    """Return a tagger's model, and whether its tags encode spans."""
    from mt2st.estimators import loading

    if not loading.is_tagger(folder):
        from mt2st.models import TaggingModel

        model = TaggingModel.load(folder)
        return model, model.scheme is not None
    from mt2st.estimators.token_tagger import TokenTagger

    tagger = TokenTagger.load(folder)
    return tagger.model_, tagger.scheme_ is not None
