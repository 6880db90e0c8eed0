"""``mt2st predict`` and ``mt2st evaluate``."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from mt2st.cli.judge import RESTRICT, Analogies, Pairs, Restrict, evaluate_vectors
from mt2st.cli.options import BadRows, check_folder
from mt2st.errors import ConfigError, DataError

CHUNK = 2000

Run = Annotated[
    Path, typer.Argument(metavar="RUN", help="A run directory, the model folder in one, or what save or tune wrote.")
]


def predict_command(
    run: Run,
    probabilities: Annotated[bool, typer.Option("--probabilities", "-p", help="Add the label's probability.")] = False,
) -> None:
    """Read texts from standard input, one a line, and write a label for each.

    A tagger reads tokens with spaces between, and writes each with its tag on a line; a sentence ends in an empty one.
    """
    from mt2st.estimators import loading
    from mt2st.models import TextModel
    from mt2st.models.model_files import is_tagger

    run = loading.home(run)
    if loading.is_classifier(run):
        _classify(run, probabilities)
        return
    if loading.is_tagger(run):
        from mt2st.estimators.token_tagger import TokenTagger

        _write_tags(TokenTagger.load(run).predict)
        return
    if is_tagger(run):
        _tag(run)
        return
    model, texts = TextModel.load(run), input_lines()
    while chunk := list(islice(texts, CHUNK)):
        shares = model.predict_proba(chunk)
        for row in shares:
            label = model.classes[row.argmax()]
            typer.echo(f"{label}\t{row.max():.4f}" if probabilities else label)


def _classify(folder: Path, probabilities: bool) -> None:
    from mt2st.estimators.classifier_files import read_classifier

    classifier, texts = read_classifier(folder), input_lines()
    while chunk := list(islice(texts, CHUNK)):
        if probabilities:
            shares = classifier.predict_proba(chunk)
            labels = classifier.classes_[shares.argmax(1)].tolist()
            lines = [f"{label}\t{share:.4f}" for label, share in zip(labels, shares.max(1).tolist(), strict=True)]
        else:
            lines = [str(label) for label in classifier.predict(chunk).tolist()]
        typer.echo("\n".join(lines))


def _tag(run: Path) -> None:
    from mt2st.models import TaggingModel

    _write_tags(TaggingModel.load(run).tag)


def _write_tags(tag: Callable[[list[list[str]]], list[list[str]]]) -> None:
    texts = input_lines()
    while chunk := [text.split() for text in islice(texts, CHUNK)]:
        for tokens, tags in zip(chunk, tag(chunk), strict=True):
            typer.echo("".join(f"{token}\t{tag}\n" for token, tag in zip(tokens, tags, strict=True)))


def input_lines() -> Iterator[str]:
    """Yield the lines of standard input without their ends; a byte that is not UTF-8 is a `DataError`."""
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        try:
            text = raw.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            # A byte-order mark is no part of what the error counts.
            column = len(raw.removeprefix(BOM_UTF8)[: error.start].decode("utf-8")) + 1
            rule = "not UTF-8: convert the text, for example with iconv -f latin1 -t utf-8"
            raise DataError(rule, path="standard input", line=number, column=column) from None
        yield text


def evaluate_command(
    judged: Annotated[Path, typer.Argument(metavar="RUN|VECTORS", help="A run directory, or word vectors.")],
    data: Annotated[
        str | None, typer.Option(metavar="FILE", help="For a run: labelled examples, in any format that train reads.")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="Format of the file; auto goes by its name.")] = "auto",
    text_column: Annotated[str | None, typer.Option(help="Name or number of the text's column.")] = None,
    label_column: Annotated[str | None, typer.Option(help="Name or number of the label's column.")] = None,
    on_bad_rows: Annotated[BadRows, typer.Option(help="Stop at a bad row, or count it and go on.")] = BadRows.error,
    pairs: Pairs = None,
    analogies: Analogies = None,
    restrict: Restrict = RESTRICT,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the measures as JSON.")
    ] = None,
) -> None:
    """Judge a trained model on labelled examples, or word vectors on word pairs and analogies."""
    check_folder(json_file)
    _check_sides(judged, data, [*(pairs or []), *(analogies or [])])
    if data is None:
        report: Any = evaluate_vectors(judged, pairs or [], analogies or [], restrict)
    else:
        columns = {"text_column": text_column, "label_column": label_column}
        report = _evaluate_run(judged, data, format=file_format, on_bad_rows=on_bad_rows.value, **columns)
    if json_file:
        json_file.write_text(json.dumps(report, indent=2), encoding="utf-8")


def _check_sides(judged: Path, data: str | None, sets: list[Path]) -> None:
    if data and sets:
        raise ConfigError("--data judges a run, --pairs and --analogies judge word vectors: give one or the other")
    if data and judged.is_file():
        raise ConfigError(f"--data judges a run, {judged} is a file: give a run directory, or leave --data out")
    if not data and any((judged / folder / "model.json").exists() for folder in (".", "model")):
        raise ConfigError(f"{judged} holds a trained model, which is judged on labelled examples: give --data FILE")


def _evaluate_tagger(run: Path, data: str, reading: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    from mt2st.evaluation.tagging import evaluate_tagging
    from mt2st.text.rows import Rows
    from mt2st.text.tagged import read_tagged

    rows = Rows(data, reading["on_bad_rows"] == "skip")
    tag, spans = _tagger(run)
    columns = {"token_column": reading["text_column"], "tag_column": reading["label_column"]}
    sentences = read_tagged(data, format=reading["format"], rows=rows, **columns)
    predicted = tag([sentence.tokens for sentence in sentences])
    report = evaluate_tagging([each.tags for each in sentences], predicted, spans=spans)
    return report.as_dict(), dict(rows.skipped)


def _tagger(run: Path) -> tuple[Callable[[list[list[str]]], list[list[str]]], bool]:
    """Return what tags sentences, and whether its tags stand for spans."""
    from mt2st.estimators import loading

    if loading.is_tagger(run):
        from mt2st.estimators.token_tagger import TokenTagger

        tagger = TokenTagger.load(run)
        return tagger.predict, tagger.scheme_ is not None
    from mt2st.models import TaggingModel

    model = TaggingModel.load(run)
    return model.tag, model.scheme is not None


def _evaluate_run(run: Path, data: str, **reading: Any) -> dict[str, Any]:
    from mt2st.cli.tables import console, measures_table
    from mt2st.estimators import loading
    from mt2st.models.model_files import is_tagger

    run = loading.home(run)
    tags = is_tagger(run) or loading.is_tagger(run)
    report, skipped = (_evaluate_tagger if tags else _evaluate_classifier)(run, data, reading)
    console().print(measures_table(report, data))
    for reason, count in skipped.items():
        typer.echo(f"warning: {data}: rows left out: {count} {reason}", err=True)
    return report


def _evaluate_classifier(run: Path, data: str, reading: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    import numpy as np

    from mt2st.evaluation import evaluate_classification
    from mt2st.text import read_examples

    chances, classes = _classifier(run)
    examples = read_examples(data, require_labels=True, labels=set(classes), **reading)
    number = {label: place for place, label in enumerate(classes)}
    gold = np.array([number[str(example.label)] for example in examples], np.int64)
    report = evaluate_classification(gold, chances(examples.texts).argmax(1), classes).as_dict()
    return report, dict(examples.skipped)


def _classifier(run: Path) -> tuple[Callable[[list[str]], Any], tuple[str, ...]]:
    """Return what gives the probabilities of texts' classes, and these."""
    from mt2st.estimators import loading

    if loading.is_classifier(run):
        from mt2st.estimators.classifier_files import read_classifier

        classifier = read_classifier(run)
        return classifier.predict_proba, tuple(map(str, classifier.classes_.tolist()))
    from mt2st.models import TextModel

    model = TextModel.load(run)
    return model.predict_proba, model.classes
