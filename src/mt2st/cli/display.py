"""The display on standard error during training: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType
from typing import Protocol, Self

from rich.console import Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from mt2st.cli.progress import PlainLines, amount, duration
from mt2st.cli.tables import console
from mt2st.report.wording import measure
from mt2st.training.listener import Quiet
from mt2st.training.loop import Listener, Record, Trainer
from mt2st.training.schedule import total_steps
from mt2st.training.settings import Settings


class Display(Listener, Protocol):
    """A listener that is shown within a ``with`` block."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def make_display(settings: Settings, *, quiet: bool) -> Display:
    """Return a silent display, a live one on a terminal, or plain lines."""
    if quiet:
        return Silent()
    return Live_(settings) if console(stderr=True).is_terminal else Plain(settings)


class Silent(Quiet):
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Speed:
    """Words and examples per second between records, and the time left."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._last: tuple[int, int, float] | None = None
        self._started: tuple[int, float] | None = None

    def start(self, step: int) -> None:
        """Start the clock at the first step that this process runs."""
        self._started = self._started or (step, perf_counter())

    def text(self, record: Record) -> str:
        """Return the speed since the last record."""
        words = sum(task["words"] for task in record["tasks"].values())
        examples = sum(task["examples"] for task in record["tasks"].values())
        now = record["seconds"]["training"]
        before = self._last or (0, 0, 0.0)
        self._last = words, examples, now
        spent = max(now - before[2], 1e-9)
        rates = f"{amount((words - before[0]) / spent)} words/s, {amount((examples - before[1]) / spent)} examples/s"
        return f"{rates}, {duration(self.left(record['step']))} left"

    def left(self, step: int) -> float:
        """Return the seconds left at the pace since the start."""
        first, since = self._started or (step, perf_counter())
        return (perf_counter() - since) / max(step - first, 1) * (self.total - step)


def loss_text(loss: float | None) -> str:
    """Return a loss with three decimals, or a dash if the task did not run."""
    return "-" if loss is None else f"{loss:.3f}"


class Plain(Silent):
    """A line per record, for logs and pipes."""

    def __init__(self, settings: Settings) -> None:
        self.total = total_steps(settings)
        self.speed, self.lines = Speed(self.total), PlainLines()

    def __enter__(self) -> Self:
        self.lines.tell("reading data ...")
        return self

    def on_step(self, trainer: Trainer) -> None:
        """Start the clock at the first step."""
        self.speed.start(trainer.step)

    def on_record(self, record: Record) -> None:
        """Print an event, or phase, score, losses with weights, speed and time left."""
        if "event" in record:
            self.lines.tell(f"step {record['step']}: {record['text']}")
            return
        tasks = "  ".join(
            f"{name} {loss_text(task['loss'])} x{task['weight']:.2f}" for name, task in record["tasks"].items()
        )
        score = next(iter(record["score"].values()))
        self.lines.tell(
            f"step {record['step']}/{self.total}  {record['phase']}  development {score:.3f}  "
            f"{tasks}  {self.speed.text(record)}"
        )


class Live_(Silent):  # noqa: N801 - `Live` is rich's
    """A table that is redrawn during training."""

    def __init__(self, settings: Settings) -> None:
        total = total_steps(settings)
        self.speed = Speed(total)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=40),
            TextColumn("{task.completed}/{task.total} steps"),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=console(stderr=True),
        )
        self.bar = self.progress.add_task("reading data", total=total)
        self.live = Live(self.progress, console=self.progress.console, refresh_per_second=8)

    def __enter__(self) -> Self:
        self.live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.live.__exit__(kind, error, trace)

    def on_step(self, trainer: Trainer) -> None:
        """Update the progress bar."""
        self.speed.start(trainer.step)
        self.progress.update(self.bar, completed=trainer.step)

    def on_record(self, record: Record) -> None:
        """Draw the table of tasks."""
        if "event" in record:
            return
        self.progress.update(self.bar, description=record["phase"])
        name, score = next(iter(record["score"].items()))
        title = f"{record['phase']} · development {measure(name)} {score:.3f}"
        table = Table(title=title, title_justify="left")
        for column in ("task", "loss", "weight", "steps run", "skipped", "examples"):
            table.add_column(column, justify="left" if column == "task" else "right")
        for name, task in record["tasks"].items():
            style = None if task["loss"] is not None else "dim"
            cells = (loss_text(task["loss"]), f"{task['weight']:.2f}", str(task["ran"]), str(task["skipped"]))
            table.add_row(name, *cells, f"{task['examples']:,}", style=style)
        self.live.update(Group(table, self.speed.text(record), self.progress))
