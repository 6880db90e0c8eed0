"""Each kind in a whole run: it reads what it may, learns, and ends the same where it was stopped on the way."""

import numpy as np
import pytest

from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.corpus import load_corpus
from mt2st.training.metrics import read_metrics
from mt2st.training.settings import dump_settings, load_settings, parse_settings

FILES = {
    "names.conll": "Anna\tB-PER\nSmith\tI-PER\nlikes\tO\nfilms\tO\n\nParis\tB-LOC\nis\tO\nfine\t_\n\n" * 6,
    "stars.tsv": "stars\ttext\n" + "5\ta fine film\n\tno verdict\n1\tdull table\n3\tthe box\n" * 6,
    "labels.tsv": "rude\tspam\ttext\n" + "1\t\ta fine film\n0\t1\tdull table\n\t\tthe box\n" * 8,
    "pairs.tsv": "5\ta fine film\ta film\n1\tdull\tthe table\n\tbox\tphone\n" * 8,
}
KINDS = {
    "softmax": {"kind": "tagging", "data": "names.conll"},
    "crf": {"kind": "tagging", "data": "names.conll", "crf": True},
    "regression": {"kind": "regression", "data": "stars.tsv", "loss": "huber"},
    "multilabel": {"kind": "multilabel", "data": "labels.tsv", "label_columns": ["rude", "spam"]},
    "cosine": {"kind": "pairs", "data": "pairs.tsv", "head": "cosine"},
    "mlp": {"kind": "pairs", "data": "pairs.tsv"},
}
ON_BAGS = ("regression", "multilabel")
CASES = [("bilstm", kind) for kind in KINDS] + [("bag", kind) for kind in ON_BAGS]


@pytest.fixture
def changes_of(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)

    def changes(encoder, kind):
        helper = {**KINDS[kind], "passes": 2.0}
        helper["data"] = str(tmp_path / helper["data"])
        return {"auxiliary.helper": helper, "model.encoder": encoder, "strategy.name": "diminish", "strategy.rate": 2.0}

    return changes


def end_of(run):
    arrays, state = load_checkpoint(run.checkpoints)
    losses = [record["tasks"]["helper"]["loss"] for record in read_metrics(run.metrics) if "tasks" in record]
    return {name: array.tobytes() for name, array in arrays.items()}, state["draws"], losses


@pytest.mark.parametrize(("encoder", "kind"), CASES)
def test_a_stopped_run_ends_as_one_that_was_not(train_in, stop_after, job_values, changes_of, encoder, kind):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    changes = changes_of(encoder, kind)
    corpus = load_corpus(parse_settings(job_values(changes)))
    whole, result = train_in("whole", changes, corpus=corpus)
    assert 0 < result["work"]["helper"]["ran"] < 12 and result["work"]["helper"]["not_finite"] == 0
    for step in (1, 5, 11):
        train_in(f"stopped{step}", changes, stop=stop_after(step), corpus=corpus)
        run, _ = train_in(f"stopped{step}", changes, corpus=corpus)
        assert end_of(run) == end_of(whole), step


@pytest.mark.parametrize("kind", KINDS)
def test_held_out_text_does_not_enter_and_language_models_read_along(job_values, changes_of, tmp_path, kind):
    changes = changes_of("bilstm", kind)
    values = job_values(changes)
    alone = job_values({**changes, "auxiliary": {"language": {"kind": "skipgram"}}})
    corpus, without = (load_corpus(parse_settings(each)) for each in (values, alone))
    texts = len(corpus.further["helper"]) * (2 if "pairs" in values["auxiliary"]["helper"]["data"] else 1)
    more = len(corpus.sentences["language"]) - len(without.sentences["language"])
    assert more == texts + len(corpus.labelled["film"])
    assert len(corpus.features.words) > len(without.features.words)


def test_the_loss_of_a_run_falls(train_in, changes_of):
    pytest.importorskip("torch")
    learn = {"strategy.name": "constant", "auxiliary.helper.passes": 60.0, "training.steps": 60, "model.rate": 0.02}
    changes = {**changes_of("bilstm", "crf"), **learn}
    run, _ = train_in("long", changes)
    losses = end_of(run)[2]
    assert losses[-1] < 0.5 * losses[0]


def test_ranks_would_see_another_file(changes_of, job_values, tmp_path):
    pytest.importorskip("torch")
    from mt2st.training.ranks.data import digest

    changes = changes_of("bilstm", "softmax")
    one = digest(load_corpus(parse_settings(job_values(changes))))
    (tmp_path / "names.conll").write_text(FILES["names.conll"].replace("B-LOC", "O", 1))
    assert digest(load_corpus(parse_settings(job_values(changes)))) != one


@pytest.mark.parametrize("kind", KINDS)
def test_settings_are_written_and_read_again(job_values, changes_of, tmp_path, kind):
    settings = parse_settings(job_values(changes_of("bilstm", kind)))
    (tmp_path / "config.toml").write_text(dump_settings(settings))
    assert parse_settings(load_settings(tmp_path / "config.toml")) == settings


def test_the_bag_learns_ratings(small_job, run_job, changes_of):
    changes = {**changes_of("bag", "regression"), "strategy.name": "constant", "auxiliary.helper.passes": 200.0}
    job = small_job(changes)
    run_job(job)
    task, data = job.tasks["helper"], job.corpus.further["helper"]
    known = ~np.isnan(data.targets)
    assert np.corrcoef(task.outputs(data.rows)[known], data.targets[known])[0, 1] > 0.9


def test_options_reach_the_tasks(small_job, changes_of):
    pytest.importorskip("torch")
    from mt2st.models.pytorch.pair_heads import CosineHead, MLPHead

    tasks = {kind: small_job(changes_of("bilstm", kind)).tasks["helper"] for kind in KINDS}
    assert tasks["softmax"].layer.crf is None and tasks["crf"].layer.crf is not None
    assert not tasks["crf"].layer.crf.allowed.all(), "the scheme was found"
    assert tasks["regression"].kind == "huber" and tasks["mlp"].kind == "squared"
    assert isinstance(tasks["cosine"].layer, CosineHead) and isinstance(tasks["mlp"].layer, MLPHead)
    assert small_job(changes_of("bag", "regression")).tasks["helper"].loss == "huber"
    assert small_job(changes_of("bag", "multilabel")).tasks["helper"].loss == "logistic"
