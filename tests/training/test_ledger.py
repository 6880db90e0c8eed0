from time import sleep

from mt2st.tasks import Outcome
from mt2st.training.ledger import Ledger


def test_outcomes_add_up_and_the_loss_is_the_mean_since_last_asked():
    entry = Ledger(["a"]).entries["a"]
    entry.add(Outcome(loss=3.0, terms=2, examples=4, words=9))
    entry.add(Outcome(loss=1.0, terms=6, examples=3, words=1, not_finite=2))
    entry.skip(5)
    assert (entry.ran, entry.skipped, entry.examples, entry.examples_skipped) == (2, 1, 7, 5)
    assert (entry.words, entry.not_finite) == (10, 2)
    assert entry.take_loss() == 0.5
    assert entry.take_loss() is None
    assert entry.examples == 7, "counts go on"


def test_seconds_go_to_their_own_account():
    ledger = Ledger(["a", "b"])
    with ledger.training():
        with ledger.task("a"):
            sleep(0.02)
        with ledger.task("b"):
            pass
    with ledger.evaluation():
        sleep(0.01)
    seconds = ledger.seconds()
    assert 0.02 <= seconds["tasks"]["a"] <= seconds["training"]
    assert seconds["tasks"]["b"] < 0.01 <= seconds["evaluation"] < seconds["training"] + 0.01


def test_seconds_are_those_of_the_clock():
    ledger = Ledger(["a"], clock=iter([10.0, 11.0, 14.0, 17.0]).__next__)
    with ledger.training(), ledger.task("a"):
        pass
    assert (ledger.seconds()["tasks"]["a"], ledger.training_seconds) == (3.0, 7.0)


def test_accounts_survive_being_saved():
    ledger = Ledger(["a", "b"])
    ledger.entries["b"].add(Outcome(loss=3.0, terms=2, examples=4, words=9))
    ledger.training_seconds, ledger.evaluation_seconds = 1.5, 0.5
    fresh = Ledger(["a", "b"])
    fresh.load_state_dict(ledger.state_dict())
    assert fresh.state_dict() == ledger.state_dict()
    assert fresh.entries["b"].take_loss() == 1.5
