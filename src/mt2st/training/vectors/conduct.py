"""The options of a run that do not decide about the vectors, and its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mt2st.errors import ConfigError
from mt2st.strategies.checks import number
from mt2st.training.vectors.early import Development
from mt2st.training.vectors.progress import OnProgress
from mt2st.training.vectors.settings import Bounds, check_number
from mt2st.training.vectors.trainer import Record

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors


BOUNDS = {"workers": Bounds(int, 1, 4096), "checkpoint_every": Bounds(float, 0), "patience": Bounds(int, 1)}


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """Options besides `VectorSettings`; see `train_vectors`, which explains them.

    Attributes
    ----------
    save
        Called with the finished vectors. If it fails, a checkpoint is kept, so that the run can be resumed at its end.
    """

    start: WordVectors | None = None
    update_vocabulary: bool = False
    workers: int = 1
    checkpoint_every: float = 60.0
    resume: bool = True
    development: Development | None = None
    patience: int = 3
    every: float = 1.0
    on_progress: OnProgress | None = None
    save: Callable[[WordVectors], None] | None = None

    def __post_init__(self) -> None:
        for name, bounds in BOUNDS.items():
            object.__setattr__(self, name, check_number(name, getattr(self, name), bounds))
        object.__setattr__(self, "every", number(self.every, "every, a share of an epoch,", 0, 1, above=True))
        if self.on_progress is not None and not callable(self.on_progress):
            raise ConfigError(f"on_progress must be a function of a Progress, {self.on_progress!r} found")
        if self.update_vocabulary and self.start is None:
            raise ConfigError("update_vocabulary adds words to earlier vectors: give them (start=, --start)")


@dataclass(frozen=True)
class VectorResult:
    """The result of a run.

    Attributes
    ----------
    vectors
        None if a signal stopped the run; it can be resumed.
    history
        A record of each epoch and each development score.
    words, tokens
        The number of tokens of the text, and of those that have a row.
    seconds
        Wall-clock time of this process, by phase; "starting" is for compiling and opening files.
    stopped_early
        Whether training ended because the development score no longer rose.
    """

    vectors: WordVectors | None
    history: list[Record]
    words: int
    tokens: int
    seconds: dict[str, float] = field(default_factory=dict)
    stopped_early: bool = False
