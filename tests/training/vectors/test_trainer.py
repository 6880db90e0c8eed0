"""The loop, with a model that only takes notes."""

import numpy as np
import pytest

from mt2st.errors import NonFiniteLossError
from mt2st.training.vectors.quanta import RecordQuanta, quantum_key
from mt2st.training.vectors.settings import VectorSettings
from mt2st.training.vectors.tally import Tally
from mt2st.training.vectors.trainer import VectorTrainer


class Notes:
    """A model of 10 units in quanta of 4, 4 and 2."""

    def __init__(self, outcome=None):
        self.quanta, self.calls = RecordQuanta(10, 4), []
        self.outcome = outcome or (lambda number: Tally(float(number), 2, 0, [4, 4, 2][number]))

    def arrays(self):
        return {}

    def learn(self, number, rate, key):
        self.calls.append((number, rate, key))
        return self.outcome(number)

    def vectors(self):
        return len(self.calls)


def make(model=None, workers=1, **more):
    settings = VectorSettings.of(epochs=2, alpha=0.2, min_alpha=0.1, seed=7)
    return VectorTrainer(model or Notes(), settings, workers, **more)


def finish(trainer, pause=lambda: False):
    while not trainer.finished:
        trainer.advance(pause, lambda: None)
    return trainer


def test_quanta_in_order_at_rates_that_fall_by_the_units_done():
    trainer = finish(make())
    # 0, 4, 8, 10, 14 and 18 of 20 units are done before each.
    rates = [0.2, 0.18, 0.16, 0.15, 0.13, 0.11]
    assert [call[0] for call in trainer.model.calls] == [0, 1, 2, 0, 1, 2]
    assert [call[1] for call in trainer.model.calls] == pytest.approx(rates)
    assert [call[2] for call in trainer.model.calls] == [quantum_key(7, e, q) for e in (0, 1) for q in range(3)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_record_an_epoch_with_the_mean_loss(workers):
    trainer = finish(make(workers=workers))
    assert [record["epoch"] for record in trainer.history] == [1.0, 2.0]
    # (0 + 1 + 2) over 3 * 2 terms, in each epoch.
    assert [record["loss"] for record in trainer.history] == [0.5, 0.5]
    assert [record["terms"] for record in trainer.history] == [6, 6]


def test_scores_between_epochs():
    trainer = finish(make(score=float, every=0.5, patience=9))
    assert [record["epoch"] for record in trainer.history] == pytest.approx([1 / 3, 1, 4 / 3, 2])
    assert [record["score"] for record in trainer.history] == [1, 3, 4, 6]
    assert [record["loss"] for record in trainer.history] == [0, 0.5, 0, 0.5]
    assert [record["epoch"] for record in trainer.epochs()] == [1.0, 2.0]


def test_more_scores_than_quanta_are_one_a_quantum():
    trainer = finish(make(score=float, every=0.01, patience=9))
    assert [record["score"] for record in trainer.history] == [1, 2, 3, 4, 5, 6]


def test_scores_that_no_longer_rise_end_it():
    scores = iter([3.0, 5.0, 4.0, 5.0, 9.0])
    trainer = finish(make(score=lambda _: next(scores), every=0.3, patience=2))
    assert (trainer.position, trainer.patience.best, trainer.patience.place) == (4, 5.0, 2)


def test_state_goes_on_as_if_nothing_had_been():
    whole = finish(make(Notes(lambda n: Tally(0.1 * (n + 1), 3, 1, [4, 4, 2][n]))))
    model = Notes(whole.model.outcome)
    trainer = make(model)
    while not trainer.finished:
        trainer.advance(lambda: True, lambda: None)
        state, trainer = trainer.state_dict(), make(model)
        trainer.load_state_dict(state)
    assert model.calls == whole.model.calls
    strip = [[{k: v for k, v in r.items() if k != "seconds"} for r in t.history] for t in (trainer, whole)]
    assert strip[0] == strip[1], "losses to the last bit"


def test_progress_counts_units_of_all_epochs():
    trainer = make()
    seen = []
    while not trainer.finished:
        trainer.advance(lambda: False, lambda: seen.append(trainer.progress()))
    assert [p["done"] for p in seen] == [4, 8, 10, 14, 18, 20]
    assert [p["epoch"] for p in seen] == [1, 1, 1, 2, 2, 2]
    assert (trainer.progress()["done"], trainer.progress()["loss"]) == (20, 0.5)
    assert [p["loss"] for p in seen] == pytest.approx([0, 1 / 4, 0.5, 0, 1 / 4, 0.5])
    assert seen[0]["rate"] == pytest.approx(0.18)


def test_a_quantum_without_a_finite_loss_is_an_error_that_names_alpha():
    def outcome(number):
        return Tally(0.0, 0, 5, 4) if number == 1 else Tally(1.0, 1, 0, 4)

    with pytest.raises(NonFiniteLossError, match=r"epoch 1, quantum 2 of 3: lower alpha, which is 0\.2"):
        finish(make(Notes(outcome)))


def test_a_few_that_are_not_finite_are_counted():
    trainer = finish(make(Notes(lambda number: Tally(1.0, 4, 1, 4))))
    assert [record["not_finite"] for record in trainer.history] == [3, 3]


def test_words_that_are_all_sampled_away_are_no_error():
    trainer = finish(make(Notes(lambda number: Tally(0.0, 0, 0, 4))))
    assert [record["loss"] for record in trainer.history] == [None, None]
    assert np.isfinite(trainer.rate(5))
