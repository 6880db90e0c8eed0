"""The ledger: work done and skipped by each task, in counts and seconds. All claims about saved time come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mt2st.tasks import Outcome

# Fields of an entry that are reported at the end.
WHOLE_RUN = ("ran", "skipped", "examples", "examples_skipped", "words", "not_finite", "seconds")


@dataclass
class Entry:
    """The account of one task; ``loss`` and ``terms`` count from the last record, all else from the start.

    ``words`` is the number of words that the task learned from, ``read`` its share of the words that were read for it:
    tasks that share a run of the encoder have equal shares.
    """

    ran: int = 0
    skipped: int = 0
    examples: int = 0
    examples_skipped: int = 0
    words: int = 0
    read: float = 0.0
    not_finite: int = 0
    seconds: float = 0.0
    loss: float = 0.0
    terms: int = 0

    def add(self, outcome: Outcome, sharing: int = 1) -> None:
        """Add a step that ran, with the words read shared by ``sharing`` tasks."""
        self.ran += 1
        self.examples += outcome.examples
        self.words += outcome.words
        self.read += outcome.words / sharing
        self.not_finite += outcome.not_finite
        self.loss += outcome.loss
        self.terms += outcome.terms

    def skip(self, examples: int) -> None:
        """Add a step that was skipped, with the number of examples that it would have had."""
        self.skipped += 1
        self.examples_skipped += examples

    @property
    def mean_loss(self) -> float | None:
        """Return the mean loss since it was last taken, None if there was no loss."""
        return self.loss / self.terms if self.terms else None

    def take_loss(self) -> float | None:
        """Return the mean loss, and start a new one."""
        mean = self.mean_loss
        self.loss, self.terms = 0.0, 0
        return mean


class Ledger:
    """The accounts of all tasks, and the seconds of training, of the gradient comparisons in it, and of evaluation.

    Parameters
    ----------
    tasks
        Their names.
    clock
        The clock for all seconds: wall-clock time, or on a busy machine processor time, ``time.process_time``.
    """

    def __init__(self, tasks: list[str], clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self.entries = {name: Entry() for name in tasks}
        self.training_seconds = 0.0
        self.evaluation_seconds = 0.0
        self.comparison_seconds = 0.0

    @contextmanager
    def training(self) -> Iterator[None]:
        """Time a step of training."""
        started = self.clock()
        yield
        self.training_seconds += self.clock() - started

    @contextmanager
    def evaluation(self) -> Iterator[None]:
        """Time an evaluation."""
        started = self.clock()
        yield
        self.evaluation_seconds += self.clock() - started

    @contextmanager
    def comparison(self) -> Iterator[None]:
        """Time, within a step of training, a comparison of gradients."""
        started = self.clock()
        yield
        self.comparison_seconds += self.clock() - started

    @contextmanager
    def task(self, *names: str) -> Iterator[None]:
        """Time one task's part of a step, or work for several tasks at once, divided equally among them."""
        started = self.clock()
        yield
        seconds = self.clock() - started
        for name in names:
            self.entries[name].seconds += seconds / len(names)

    def agree(self, means: Callable[[list[float]], list[float]]) -> None:
        """Replace all seconds by their means over the processes that train together."""
        own = [self.training_seconds, self.evaluation_seconds, self.comparison_seconds]
        found = means([*own, *(entry.seconds for entry in self.entries.values())])
        self.training_seconds, self.evaluation_seconds, self.comparison_seconds, *tasks = found
        for entry, seconds in zip(self.entries.values(), tasks, strict=True):
            entry.seconds = seconds

    def seconds(self) -> dict[str, Any]:
        """Return all times, the only figures that differ between two runs with one seed."""
        return {
            "training": self.training_seconds,
            "evaluation": self.evaluation_seconds,
            "comparison": self.comparison_seconds,
            "tasks": {name: entry.seconds for name, entry in self.entries.items()},
        }

    def accounts(self) -> dict[str, dict[str, Any]]:
        """Return each task's account of the whole run, as JSON values."""
        return {name: {key: getattr(entry, key) for key in WHOLE_RUN} for name, entry in self.entries.items()}

    def state_dict(self) -> dict[str, Any]:
        """Return the accounts as JSON values."""
        return {
            "tasks": {name: asdict(entry) for name, entry in self.entries.items()},
            "training_seconds": self.training_seconds,
            "evaluation_seconds": self.evaluation_seconds,
            "comparison_seconds": self.comparison_seconds,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved accounts."""
        names = [field.name for field in fields(Entry)]
        self.entries = {task: Entry(**{n: entry[n] for n in names}) for task, entry in state["tasks"].items()}
        for name in ("training_seconds", "evaluation_seconds", "comparison_seconds"):
            setattr(self, name, state[name])
