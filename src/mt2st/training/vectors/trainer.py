"""The loop over quanta: rates, sums, epochs, development scores; its whole state can be saved and loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

from mt2st.errors import NonFiniteLossError
from mt2st.training.vectors.early import Patience
from mt2st.training.vectors.models import Model
from mt2st.training.vectors.quanta import quantum_key
from mt2st.training.vectors.settings import VectorSettings
from mt2st.training.vectors.tally import Tally
from mt2st.training.vectors.threads import run_quanta

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors

Record = dict[str, Any]


class VectorTrainer:
    """Trains a model quantum by quantum.

    Parameters
    ----------
    model, settings
        The model to train, and how.
    workers
        The number of threads; with one, the result depends only on the settings and the text.
    score, patience, every
        A development measure, the scores in a row that may be no better, and the share of an epoch between scores.

    Attributes
    ----------
    position
        Quanta done, over all epochs.
    history
        A record of each finished epoch and each score.
    """

    def __init__(
        self,
        model: Model,
        settings: VectorSettings,
        workers: int,
        *,
        score: Callable[[WordVectors], float] | None = None,
        patience: int = 3,
        every: float = 1.0,
    ) -> None:
        self.model, self.settings, self.workers = model, settings, workers
        self.quanta = len(model.quanta)
        self.total = self.quanta * settings.epochs
        self.units = model.quanta.before(self.quanta)
        self.position, self.history, self.tally = 0, list[Record](), Tally()
        self.patience, self._score = Patience(patience), score
        # Numbers of quanta of an epoch after which the vectors are scored.
        parts = max(round(1 / every), 1)
        self._marks = sorted({max(self.quanta * part // parts, 1) for part in range(1, parts + 1)})
        self._spent = 0.0
        self._extra = [Tally() for _ in range(workers - 1)]

    @property
    def finished(self) -> bool:
        """Return whether training is over: all quanta are done, or scores no longer rise."""
        return self.position >= self.total or self.patience.over

    def advance(self, pause: Callable[[], bool], on_quantum: Callable[[], None]) -> Record | None:
        """Train until a pause, the next score or the end of an epoch; return the record that is then due, or None."""
        epoch, mark = divmod(self.position, self.quanta)
        marks = self._marks if self._score else [self.quanta]
        last = epoch * self.quanta + next(place for place in marks if place > mark)
        began = perf_counter()
        self.position = run_quanta(self._learn, self.position, last, [self.tally, *self._extra], pause, on_quantum)
        self._gather()
        self._spent += perf_counter() - began
        return self._record(epoch) if self.position == last else None

    def _gather(self) -> None:
        for number, tally in enumerate(self._extra):
            self.tally.add(tally)
            self._extra[number] = Tally()

    def _learn(self, number: int) -> Tally:
        epoch, quantum = divmod(number, self.quanta)
        done = self.model.learn(quantum, self.rate(number), quantum_key(self.settings.seed, epoch, quantum))
        if done.not_finite and done.not_finite >= done.terms:
            raise NonFiniteLossError(
                f"the loss is not finite in epoch {epoch + 1}, quantum {quantum + 1} of {self.quanta}: "
                f"lower alpha, which is {self.settings.alpha}, and start over"
            )
        return done

    def rate(self, number: int) -> float:
        """Return a quantum's rate: it falls from alpha to min_alpha in proportion to the words done."""
        epoch, quantum = divmod(number, self.quanta)
        share = (epoch * self.units + self.model.quanta.before(quantum)) / max(self.units * self.settings.epochs, 1)
        return self._rate_at(share)

    def _rate_at(self, share: float) -> float:
        return self.settings.alpha - (self.settings.alpha - self.settings.min_alpha) * share

    def _record(self, epoch: int) -> Record:
        whole = self.position == (epoch + 1) * self.quanta
        record: Record = {"epoch": self.position / self.quanta, "rate": self.rate(self.position - 1)}
        record |= {"loss": self.tally.mean, **{name: getattr(self.tally, name) for name in ("terms", "not_finite")}}
        if self._score is not None:
            record["score"] = self._score(self.model.vectors())
            record["best"] = self.patience.note(record["score"], self.position)
        record["seconds"] = self._spent
        self.history.append(record)
        if whole:
            self.tally = Tally()
        return record

    def epochs(self) -> list[Record]:
        """Return only the records of finished epochs."""
        return [record for record in self.history if record["epoch"] == int(record["epoch"])]

    def progress(self) -> dict[str, Any]:
        """Return the values that a display shows; while threads run they are approximate."""
        tallies = [self.tally, *self._extra]
        loss, terms = sum(tally.loss for tally in tallies), sum(tally.terms for tally in tallies)
        epoch = self.position // self.quanta
        done = epoch * self.units + sum(tally.units for tally in tallies)
        share = done / (self.units * self.settings.epochs)
        return {
            "done": done,
            "epoch": min(epoch + 1, self.settings.epochs),
            "epochs": self.settings.epochs,
            "rate": self._rate_at(share),
            "loss": loss / terms if terms else self.history[-1]["loss"] if self.history else None,
            "history": tuple(self.history),
        }

    def state_dict(self) -> dict[str, Any]:
        """Return all state besides the arrays as JSON values."""
        return {
            "position": self.position,
            "tally": self.tally.state_dict(),
            "history": self.history,
            "patience": self.patience.state_dict(),
            "spent": self._spent,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved state."""
        self.position, self.history = state["position"], list(state["history"])
        self.tally, self._spent = Tally.from_state(state["tally"]), state["spent"]
        self.patience.load_state_dict(state["patience"])
