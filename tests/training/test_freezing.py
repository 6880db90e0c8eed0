"""Freezing in a run: when, what, bit-equal afterwards, resumed bit for bit, and let go where an auxiliary is back."""

import json

import numpy as np
import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Switch
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.corpus import load_corpus
from mt2st.training.loop import Trainer
from mt2st.training.metrics import read_metrics
from mt2st.training.settings import parse_settings
from mt2st.training.stopping import StopRequest

SWITCH = 6
CHANGES = {"strategy.at": 0.5, "freeze.share": 0.5}  # at step 6 of 12
RESULTS = ("best", "development", "test", "frozen", "work")


@pytest.fixture(params=["bag", "bilstm"])
def engine(request):
    if request.param == "bilstm":
        pytest.importorskip("torch")
    return {"model.encoder": request.param}


def trained(job, listener, steps=None):
    trainer = Trainer(job)
    if steps is not None:
        trainer.total = steps
    trainer.run(listener, StopRequest())
    return trainer


def events(listener, name):
    return [record for record in listener.records if record.get("event") == name]


def test_half_the_dimensions_rest_from_the_switch_on(small_job, listener, engine):
    trainer = trained(small_job({**CHANGES, **engine, "training.interval": 1}), listener)
    frozen = trainer.housekeeping.freezing.frozen
    assert frozen["step"] == SWITCH and len(frozen["dimensions"]) == 4 and frozen["layers"] == []
    active = np.setdiff1d(np.arange(8), frozen["dimensions"])
    before, after = listener.tables[SWITCH], listener.tables[12]
    assert before[:, frozen["dimensions"]].tobytes() == after[:, frozen["dimensions"]].tobytes()
    assert (before[:, active] != after[:, active]).any(0).all()
    (event,) = events(listener, "freezing")
    assert event["step"] == SWITCH and event["text"].startswith("4 of 8 dimensions are frozen, which carry ")


def test_moments_of_frozen_dimensions_rest_too(small_job, listener):
    pytest.importorskip("torch")
    job = small_job({**CHANGES, "model.encoder": "bilstm"})
    trained(job, listener, steps=SWITCH)
    before = {name: array.copy() for name, array in job.shared.arrays().items()}
    trainer = Trainer(job)
    trainer.step = SWITCH
    trainer.run(listener, StopRequest())
    columns = trainer.housekeeping.freezing.frozen["dimensions"]
    for name in ("table.first", "table.second"):
        assert before[name][:, columns].tobytes() == job.shared.arrays()[name][:, columns].tobytes()
        assert before[name].tobytes() != job.shared.arrays()[name].tobytes()


def test_the_least_relevant_are_frozen(small_job, listener, engine):
    job = small_job({**CHANGES, **engine})
    trainer = trained(job, listener, steps=SWITCH)
    relevance, _ = job.tasks["reviews"].relevance()
    trainer.total = 12
    trainer.run(listener, StopRequest())
    expected = np.sort(np.argsort(relevance)[:4]).tolist()
    assert trainer.housekeeping.freezing.frozen["dimensions"] == expected


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_until_the_switch_nothing_differs_and_all_else_goes_on(small_job, engine, share):
    def tables(changes):
        from_the_start = {}

        class Keeper:
            def on_step(self, trainer):
                from_the_start[trainer.step] = trainer.job.shared.arrays()["table"].copy()

            def on_record(self, record):
                pass

            def on_interval(self, trainer):
                pass

        job = small_job({"strategy.at": 0.5, **engine, **changes})
        Trainer(job).run(Keeper(), StopRequest())
        return from_the_start, job.tasks["reviews"].arrays()

    (plain, _), (frozen, head) = tables({}), tables({"freeze.share": share})
    assert all(plain[step].tobytes() == frozen[step].tobytes() for step in range(1, SWITCH + 1))
    assert (plain[12] != frozen[12]).any()
    if share == 1.0:
        assert frozen[12].tobytes() == frozen[SWITCH].tobytes()
    assert all(np.isfinite(array).all() for array in head.values())


def test_at_the_first_step_active_dimensions_move_as_they_would_without_freezing(small_job, listener, engine):
    tables = {}
    for share in (0.0, 0.5):
        job = small_job({"strategy.at": 0.5, "freeze.share": share, "model.dropout": 0.0, **engine})
        trainer = trained(job, listener, steps=SWITCH + 1)
        tables[share] = job.shared.arrays()["table"].copy()
    active = np.setdiff1d(np.arange(8), trainer.housekeeping.freezing.frozen["dimensions"])
    np.testing.assert_allclose(tables[0.5][:, active], tables[0.0][:, active], rtol=1e-4, atol=1e-6)


def test_layers_of_the_encoder_rest(small_job, listener):
    pytest.importorskip("torch")
    job = small_job({**CHANGES, "model.encoder": "bilstm", "freeze.layers": 0.5})
    trained(job, listener, steps=SWITCH)
    before = {name: array.copy() for name, array in job.shared.arrays().items()}
    trainer = Trainer(job)
    trainer.step = SWITCH
    trainer.run(listener, StopRequest())
    layers = trainer.housekeeping.freezing.frozen["layers"]
    assert len(layers) == 4
    for name in job.shared.layers.optimisers:
        for end in ("", ".first", ".second", ".steps"):
            key = f"encoder.{name}{end}"
            same = before[key].tobytes() == job.shared.arrays()[key].tobytes()
            assert same == (name in layers), key


def test_single_from_the_start_freezes_nothing(small_job, listener):
    trainer = trained(small_job({**CHANGES, "strategy.name": "single"}), listener)
    assert trainer.housekeeping.freezing.frozen is None and not events(listener, "freezing")


@pytest.mark.parametrize("strategy", ["switch", "pretrain", "diminish"])
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_run_stopped_at_any_step_ends_as_one_that_was_not(train_in, stop_after, job_values, engine, strategy, share):
    changes = {**CHANGES, **engine, "freeze.share": share, "strategy.name": strategy, "strategy.rate": 8.0}
    corpus = load_corpus(parse_settings(job_values(changes)))
    if engine["model.encoder"] == "bilstm":
        changes["freeze.layers"] = 0.3
    whole = end_of(*train_in("whole", changes, corpus=corpus))
    assert whole["frozen"] is not None
    for step in (5, 6, 7, 10):
        run, result = train_in(f"stopped{step}", changes, corpus=corpus, stop=stop_after(step))
        assert result is None and load_checkpoint(run.checkpoints)[1]["step"] == step
        assert end_of(*train_in(f"stopped{step}", changes, corpus=corpus)) == whole


def end_of(run, result):
    arrays, _ = load_checkpoint(run.checkpoints)
    for work in result["work"].values():
        work.pop("seconds")
    return {
        "arrays": {name: array.tobytes() for name, array in arrays.items()},
        "files": [(run.path / name).read_bytes() for name in ("model/model.safetensors", "vectors.safetensors")],
        "records": [{k: v for k, v in r.items() if k != "seconds"} for r in read_metrics(run.metrics)],
        **{name: json.loads(json.dumps(result[name])) for name in RESULTS},
    }


def test_checkpoints_and_the_best_state_hold_the_table_as_it_was_trained(train_in):
    run, _ = train_in("run", {**CHANGES, "training.interval": 1})
    arrays, state = load_checkpoint(run.checkpoints)
    job_table = arrays["shared/table"]
    assert state["housekeeping"]["freezing"]["frozen"]["step"] == SWITCH
    assert (job_table != arrays["best/shared/table"]).any() or state["best"]["step"] == 12


def test_an_auxiliary_that_is_back_lets_all_train_again(small_job, listener):
    job = small_job({**CHANGES, "training.steps": 12, "training.interval": 1})
    trainer = trained(job, listener, steps=9)
    assert trainer.housekeeping.freezing.frozen
    job.strategy = Switch(at=0.99).bind("reviews", ["film", "language"], job.strategy.clock)
    before = job.shared.table.copy()
    trainer.total = 12
    trainer.run(listener, StopRequest())
    assert trainer.housekeeping.freezing.frozen is None
    assert [event["step"] for event in events(listener, "letting go")] == [9]
    assert (job.shared.table != before).any(0).all()


def test_an_earlier_state_that_is_put_back_is_what_trains_on(small_job, listener):
    job = small_job({**CHANGES, "training.interval": 1})
    trainer = trained(job, listener, steps=9)
    columns = trainer.housekeeping.freezing.frozen["dimensions"]
    active = np.setdiff1d(np.arange(8), columns)
    earlier = listener.tables[4]
    job.shared.arrays()["table"][...] = earlier
    trainer.housekeeping.restored()
    trainer.total = 10
    trainer.run(listener, StopRequest())
    after = listener.tables[10]
    assert after[:, columns].tobytes() == earlier[:, columns].tobytes()
    moved = (after[:, active] != earlier[:, active]).any(1)
    assert 0 < moved.sum() < len(moved), "rows of the step's examples alone"


def test_a_primary_without_parts_to_freeze_is_refused(fake_job):
    job, _ = fake_job(Switch(at=0.5))
    job.settings.freeze.share = 0.5
    with pytest.raises(ConfigError, match="'p' has nothing to freeze: set share = 0"):
        Trainer(job)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"freeze.share": 1.5}, r"freeze\.share: .*less than or equal to 1, found 1\.5"),
        ({"freeze.share": 1.0, "convergence.on": "gradient"}, r"convergence\.on must be loss or nothing"),
        ({"freeze.layers": 0.5}, r"freeze\.layers must be 0: the encoder bag has no layers"),
    ],
)
def test_wrong_settings_are_refused(job_values, changes, words):
    with pytest.raises(ConfigError, match=words):
        parse_settings(job_values(changes))
