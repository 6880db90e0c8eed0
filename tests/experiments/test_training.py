"""One training: what is reported is the state of the best development score."""

import pytest

from mt2st.experiments.training import processor_timed, train_once
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import parse_settings


@pytest.fixture
def settings(job_values):
    return parse_settings(job_values({"auxiliary": {}, "strategy.name": "single"}))


def test_the_test_part_is_judged_by_the_best_state_and_only_where_asked(settings):
    corpus, told = load_corpus(settings), []

    def spying(job):
        trainer = processor_timed(job)
        back = trainer.restore_best
        trainer.restore_best = lambda: told.append(trainer.step) or back()
        return trainer

    found = train_once(corpus, settings, with_test=True, trainer_of=spying)
    assert told == [12] and found["test"]["examples"] == len(corpus.test)
    assert found["development"] == max(point[3] for point in found["curve"]) and len(found["curve"]) == 3
    assert train_once(corpus, settings, with_test=False)["test"] is None
