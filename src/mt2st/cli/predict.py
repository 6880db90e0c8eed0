"""``mt2st predict``."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from mt2st.errors import DataError

Chunk = TypeVar("Chunk")
Done = TypeVar("Done")
# Lines that are worked on at once, and in how many threads.
CHUNK, THREADS = 2000, 2

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

    run = loading.home(run)
    if loading.is_classifier(run):
        _classify(run, probabilities)
        return
    from mt2st.models import TextModel  # compiles, or loads, kernels, which a classifier does without
    from mt2st.models.model_files import is_tagger

    if loading.is_tagger(run):
        from mt2st.estimators.token_tagger import TokenTagger

        _write_tags(TokenTagger.load(run).predict)
        return
    if is_tagger(run):
        _tag(run)
        return
    model = TextModel.load(run)
    for chunk in input_chunks():
        for row in model.predict_proba(chunk):
            label = model.classes[row.argmax()]
            typer.echo(f"{label}\t{row.max():.4f}" if probabilities else label)


def _classify(folder: Path, probabilities: bool) -> None:
    from mt2st.estimators.classifier_files import read_classifier

    classifier = read_classifier(folder)

    def lines(chunk: list[str]) -> str:
        if not probabilities:
            return "\n".join(map(str, classifier.predict(chunk).tolist()))
        shares = classifier.predict_proba(chunk)
        labels = classifier.classes_[shares.argmax(1)].tolist()
        pairs = zip(labels, shares.max(1).tolist(), strict=True)
        return "\n".join(f"{label}\t{share:.4f}" for label, share in pairs)

    for found in in_order(lines, input_chunks(), THREADS):
        typer.echo(found)


def in_order(work: Callable[[Chunk], Done], chunks: Iterable[Chunk], threads: int) -> Iterator[Done]:
    """Yield what work makes of each chunk, in order, a few of them done at once.

    Where reading them ends in an error, it comes after what was read before.
    """
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        failure: DataError | None = None
        try:
            for chunk in chunks:
                waiting.append(pool.submit(work, chunk))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
        except DataError as error:
            failure = error
        while waiting:
            yield waiting.popleft().result()
        if failure:
            raise failure


def _tag(run: Path) -> None:
    from mt2st.models import TaggingModel

    _write_tags(TaggingModel.load(run).tag)


def _write_tags(tag: Callable[[list[list[str]]], list[list[str]]]) -> None:
    for chunk in input_chunks():
        sentences = [text.split() for text in chunk]
        for tokens, tags in zip(sentences, tag(sentences), strict=True):
            typer.echo("".join(f"{token}\t{tag}\n" for token, tag in zip(tokens, tags, strict=True)))


def input_chunks() -> Iterator[list[str]]:
    """Yield the lines of standard input, many at a time; see `input_lines`."""
    texts = input_lines()
    while chunk := list(islice(texts, CHUNK)):
        yield chunk


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
