"""``mt2st predict``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from mt2st.cli.standard_input import input_chunks
from mt2st.errors import DataError

Chunk = TypeVar("Chunk")
Done = TypeVar("Done")

Run = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="A folder that train, fit, tune or save wrote."),
]


def predict_command(
    run: Run,
    probabilities: Annotated[
        bool,
        typer.Option("--probabilities", "-p", help="Add the probability of the label, of each tag, or of every label."),
    ] = False,
) -> None:
    """Label texts from standard input, one per line; labels are written as soon as no more lines are waiting.

    Where a text may have several labels, its line lists them ("sport, news"), or is - for none. A tagger reads tokens
    separated by spaces, and writes a line for each token with its tag, and an empty line after each sentence. With -p
    the probability follows after a tab; where a text may have several labels, every label is written with its own.
    """
    from mt2st.cli.labelling import labeller
    from mt2st.estimators.loading import home

    model = labeller(home(run), probabilities)

    def lines(chunk: list[Any]) -> str:
        return "".join(f"{line}\n" for line in model.say(chunk))

    for found in in_order(lines, input_chunks(model.read), model.threads):
        typer.echo(found, nl=False)


def in_order(work: Callable[[Chunk], Done], chunks: Iterable[Chunk | None], threads: int) -> Iterator[Done]:
    """Yield the result of ``work`` on each chunk, in order, with several chunks in parallel.

    At a None in place of a chunk, all results before it are yielded first, since the next chunk may take long. An error
    in reading or in ``work`` is raised after the results of what was read before it.
    """
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for future in _submitted(work, chunks, pool):
            if future is not None:
                waiting.append(future)
            while waiting and (future is None or len(waiting) > threads):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _submitted(
    work: Callable[[Chunk], Done], chunks: Iterable[Chunk | None], pool: Executor
) -> Iterator[Future[Done] | None]:
    """Yield the future of each chunk; an error in reading a chunk becomes a last future."""
    try:
        for chunk in chunks:
            yield None if chunk is None else pool.submit(work, chunk)
    except DataError as error:
        failed = Future[Done]()
        failed.set_exception(error)
        yield failed
