"""``torchrun -m mt2st train`` ends where one process ends."""

import json
from pathlib import Path

import numpy as np
import pytest

from mt2st.strategies import plan
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.metrics import read_metrics

torch = pytest.importorskip("torch")
if not torch.distributed.is_available():
    pytest.skip("this torch is built without torch.distributed", allow_module_level=True)

HERE = Path(__file__).parent
FILM = {"film": {"data": "film.tsv", "passes": 3.0}}
# Dropout, an auxiliary that rests at times, and batches of two and three, of which one of four ranks has nothing.
BILSTM = {
    "model.encoder": "bilstm",
    "model.dropout": 0.3,
    "primary.passes": 1.25,
    "auxiliary": FILM,
    "strategy.name": "diminish",
    "strategy.rate": 3.0,
}
# Gradients are compared at every step, scores at every third.
FEEDBACK = {
    **BILSTM,
    "primary.passes": 5.0,
    "training.interval": 3,
    "strategy.name": "feedback",
    "feedback.base": "diminish",
    "feedback.trial": 0.0,
    "feedback.probe": 1,
    "feedback.patience": 1,
    "feedback.window": 1,
    "feedback.against": 0.0,
    "strategy.rate": 0.5,
}
# Sentences with tags for some tokens or none, pairs with and without scores: at times a part has no label at all.
FURTHER = {
    **BILSTM,
    "auxiliary": {
        **FILM,
        "names": {"kind": "tagging", "data": "names.conll", "crf": True, "passes": 6.0},
        "alike": {"kind": "pairs", "data": "alike.tsv", "passes": 6.0},
    },
}
# A word list, learned by the first rank alone, beside gradients that are added up.
LEXICAL = {
    **BILSTM,
    "auxiliary": {**FILM, "words": {"kind": "similarity", "data": "words.txt", "batch": 3, "table_rate": 0.1}},
}
# Two labels of the primary's texts, one of them seldom known: one pass, of whose part a rank may have no label.
SAME_TEXTS = {
    "primary.labels": None,
    "primary.passes": 0.5,
    "auxiliary": {
        **FILM,
        "stars": {"kind": "regression", "data": "stars.tsv", "passes": 0.5},
        "again": {"data": "reviews.tsv", "passes": 0.5},
    },
}
NAMES = "Anna\tB-PER\nSmith\tI-PER\n\nfilms\t_\n\nParis\tB-LOC\nis\tO\nfine\t_\n\nthe\tO\n\n"
ALIKE = "5\ta fine film\ta film\n\tbox\tphone\n1\tdull\tthe table\n"


def plain(records):
    return [{key: value for key, value in record.items() if key != "seconds"} for record in records]


def check_records(found, expected):
    """Check that all is the same in two runs' metrics but for seconds and the last digits of losses."""
    for one, other in zip(plain(found), plain(expected), strict=True):
        losses = [[task.pop("loss") for task in record.get("tasks", {}).values()] for record in (one, other)]
        assert one == other
        for mine, theirs in zip(*losses, strict=True):
            assert mine == pytest.approx(theirs, abs=1e-5)


# What is trained on so many ranks, by name.
RUNS = {
    2: {
        "feedback": FEEDBACK,
        "further": FURTHER,
        "lexical": LEXICAL,
        "same texts": {**FEEDBACK, **SAME_TEXTS, "feedback.probe": 2},
    },
    4: {"bilstm": BILSTM, "same texts": {**BILSTM, **SAME_TEXTS}},
}


@pytest.fixture
def folder(tmp_path, job_values, monkeypatch):
    """Write all files that the runs read, and work beside them."""
    (tmp_path / "names.conll").write_text(NAMES * 2)
    (tmp_path / "alike.tsv").write_text(ALIKE * 2)
    texts = [line.split("\t")[1] for line in (tmp_path / "reviews.tsv").read_text().splitlines()]
    (tmp_path / "stars.tsv").write_text("".join(f"{'' if k % 4 else k % 5}\t{text}\n" for k, text in enumerate(texts)))
    (tmp_path / "words.txt").write_text("the a 8\nfilm box 2\nphone film 4\nbox phone 9\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check_run(folder, train_in, check_alike):
    """Return a check that a run of several ranks ended where one process ends."""

    def check(together, changes):
        alone, result = train_in(f"{together} alone", changes)
        check_alike(folder / together / "checkpoint", alone.checkpoints, 1e-5)
        check_records(read_metrics(folder / together / "metrics.jsonl"), read_metrics(alone.metrics))
        shared = [record["event"] for record in read_metrics(alone.metrics) if "shared pass" in record.get("event", "")]
        assert shared == ["shared pass 'reviews'"] * ("again" in changes["auxiliary"])
        film = result["work"]["film"]
        assert film["ran"] and film["skipped"], "the auxiliary runs at some steps and rests at others"
        found = json.loads((folder / together / "result.json").read_text())
        for part in ("best", "development", "test", "data", "steps"):
            assert found[part] == result[part]
        for name, work in found["work"].items():
            assert {**work, "seconds": 0} == {**result["work"][name], "seconds": 0}
        assert np.isfinite(found["seconds"]["training"])

    return check


def test_the_command_on_two_ranks_ends_where_one_process_ends(folder, torchrun, config, check_run):
    code, out, err = torchrun("-m", "mt2st", "train", config(BILSTM), "--out", "together").wait()
    assert code == 0, err
    assert err.count("reading data ...") == 1
    assert out.count("Test: reviews") == 1, "one rank alone speaks"
    check_run("together", BILSTM)


@pytest.mark.parametrize("ranks", RUNS)
def test_bilstm_on_several_ranks_ends_where_one_process_ends(folder, torchrun, config, check_run, ranks):
    for name, changes in RUNS[ranks].items():
        config(changes, name)
    code, _, err = torchrun(HERE / "runs.py", *RUNS[ranks], ranks=ranks).wait()
    assert code == 0, err
    for name, changes in RUNS[ranks].items():
        check_run(name, changes)


class Parts:
    """Ranks in one process: each learns its part of every batch from one start, then their changes are added up."""

    def __init__(self, jobs):
        self.jobs = jobs
        for number, job in enumerate(jobs):
            for task in job.tasks.values():
                task.sampler.parts_before = number

    def arrays(self, job, names):
        own = [array for name in names for array in job.tasks[name].arrays().values()]
        return [*job.shared.arrays().values(), *own]

    def step(self, step, total):
        """Take one step, at learning rates that fall over the whole run."""
        job = self.jobs[0]
        todo = plan(job.strategy.weights(step), job.work, job.settings.training.seed, step, "reviews")
        before = [array.copy() for array in self.arrays(job, todo)]
        changed = []
        for number, each in enumerate(self.jobs):
            for name, factor in todo.items():
                batch = each.tasks[name].sampler.draw()[number :: len(self.jobs)]
                each.tasks[name].learn(batch.copy(), factor, 1.0 - step / total)
            changed.append([array.copy() for array in self.arrays(each, todo)])
        for each in self.jobs:
            for place, array in enumerate(self.arrays(each, todo)):
                array[...] = before[place] + sum(after[place] - before[place] for after in changed)


NATIVE = {
    "auxiliary.words": {"kind": "cbow", "passes": 1.0, "subwords": True, "bucket": 300},
    "auxiliary.counts": {"kind": "glove", "passes": 10.0, "table_rate": 0.5},
    "strategy.name": "diminish",
    "strategy.rate": 3.0,
}


@pytest.mark.parametrize("ranks", [2])
def test_native_tasks_on_several_ranks_end_where_the_same_parts_in_one_process_end(
    torchrun, config, tmp_path, monkeypatch, small_job, ranks
):
    monkeypatch.chdir(tmp_path)
    run = torchrun("-m", "mt2st", "train", config(NATIVE), "--out", "together", "-q", ranks=ranks)
    parts = Parts([small_job(NATIVE) for _ in range(ranks)])
    started = [array.copy() for array in parts.arrays(parts.jobs[0], parts.jobs[0].tasks)]
    for step in range(12):
        parts.step(step, 12)
    code, out, err = run.wait()
    assert (code, out) == (0, ""), err
    arrays, state = load_checkpoint(tmp_path / "together" / "checkpoint")
    job = parts.jobs[0]
    expected = {f"shared/{name}": array for name, array in job.shared.arrays().items()}
    for task, held in job.tasks.items():
        expected |= {f"task/{task}/{name}": array for name, array in held.arrays().items()}
        assert state["draws"][task] == held.sampler.draws > 0
    assert set(expected) == {name for name in arrays if not name.startswith("best/")}
    for name, array in expected.items():
        np.testing.assert_allclose(arrays[name], array, rtol=0, atol=1e-5, err_msg=name)
    moved = [np.abs(a - b).max() for a, b in zip(parts.arrays(job, job.tasks), started, strict=True)]
    assert min(moved) > 3e-5, "each array was trained"
    words = state["ledger"]["tasks"]["words"]
    assert 0 < words["ran"] < 12 and words["examples"] > words["ran"]
