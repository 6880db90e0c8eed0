"""``mt2st predict``."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from mt2st.errors import DataError

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
