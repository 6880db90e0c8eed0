"""From settings to tasks, table and strategy."""

import numpy as np
import pytest

from mt2st.embeddings import keep_probability, new_table
from mt2st.embeddings.documents import DocumentModel
from mt2st.embeddings.subwords import ngram_buckets
from mt2st.embeddings.table import whole_rows
from mt2st.errors import ConfigError, DataError
from mt2st.strategies import (
    Constant,
    Cosine,
    Diminish,
    Every,
    Exact,
    Feedback,
    Linear,
    PretrainThenFinetune,
    SingleTask,
    Skip,
    Switch,
)
from mt2st.tasks.sampler import stream_key
from mt2st.training.corpus import load_corpus
from mt2st.training.job import make_job
from mt2st.training.schedule import make_strategy
from mt2st.training.settings import parse_settings


@pytest.mark.parametrize(
    ("settings", "strategy"),
    [
        ({"name": "single"}, SingleTask()),
        ({"name": "constant", "weight": 0.5}, Constant(weight=0.5)),
        ({"name": "pretrain", "at": 3, "time": "epochs"}, PretrainThenFinetune(at=3.0, time="epochs")),
        ({"name": "pretrain", "at": "auto", "latest": 0.3}, PretrainThenFinetune(at=0.3)),
        ({"name": "switch", "at": "auto", "latest": 0.3}, Switch(at="auto", latest=0.3)),
        ({"name": "linear", "end": 3, "time": "epochs", "weight": 0.5}, Linear(3.0, 0.5, "epochs")),
        ({"name": "cosine", "end": 0.3}, Cosine(end=0.3)),
        ({"name": "switch", "at": 30, "time": "steps", "weight": {"a": 2}}, Switch(30.0, "steps", {"a": 2.0})),
        (
            {"name": "diminish", "weight": 2, "rate": 3, "power": 0.5, "time": "epochs", "tolerance": 0.1},
            Diminish(weight=2.0, rate=3.0, power=0.5, time="epochs", tolerance=0.1),
        ),
        ({"name": "feedback", "weight": 0.5, "latest": 0.3}, Feedback(Switch(0.3, weight=0.5, latest=0.3), probe=10)),
    ],
)
def test_each_strategy_gets_its_settings(settings, strategy):
    assert make_strategy(parse_settings({"strategy": settings, "auxiliary": {"a": {"data": "film"}}})) == strategy


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"time": "steps"}, "at must be given with time='steps': its default, 0.2, is for fractions of the run"),
        ({"name": "linear", "time": "epochs"}, "end must be given with time='epochs'"),
        ({"name": "diminish", "time": "epochs"}, "rate must be given with time='epochs'"),
        ({"name": "pretrain", "at": "auto", "time": "steps"}, "at must be given with time='steps'"),
        ({"name": "feedback", "time": "steps"}, "strategy.latest must be given with time='steps': its default, 0.5"),
        ({"at": 30}, "at must be a fraction of the run, from 0 to 1, found 30: or give time='steps' or 'epochs'"),
    ],
)
def test_a_time_that_can_only_be_a_mistake_is_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        make_strategy(parse_settings({"strategy": settings, "auxiliary": {"a": {"data": "film"}}}))


def test_tasks_have_the_primary_first_and_share_one_table(small_job):
    job = small_job()
    assert list(job.tasks) == ["reviews", "film", "language"]
    assert all(np.shares_memory(task.table, job.shared.table) for task in job.tasks.values())


def test_each_task_gets_its_own_rates_and_passes(small_job):
    job = small_job({"primary.head_rate": 0.7, "auxiliary.film.table_rate": 0.9, "auxiliary.language.window": 2})
    primary, film, language = job.tasks.values()
    assert (primary.head_rate, primary.table_rate, primary.sampler.passes) == (0.7, 0.3, 5.0)
    assert (film.head_rate, film.table_rate, film.sampler.passes) == (0.5, 0.9, 3.0)
    assert (language.rate, language.model.window, language.sampler.passes) == (0.03, 2, 1.0)
    assert (primary.stop_at_bad, film.stop_at_bad) == (True, False)
    assert [task.sampler.size for task in job.tasks.values()] == [24, 80, 72 + 80]


LANGUAGES = {
    "skip": {"kind": "skipgram", "window": 3, "negative": 2},
    "cbow": {"kind": "cbow", "table_rate": 0.2},
    "skipsub": {"kind": "skipgram", "subwords": True, "max_n": 4, "bucket": 500},
    "cbowsub": {"kind": "cbow", "subwords": True, "max_n": 4, "bucket": 500},
    "glove": {"kind": "glove", "x_max": 7.0, "passes": 2.0},
}


def test_all_five_methods_train_one_memory(small_job):
    job = small_job({"auxiliary": LANGUAGES})
    _, skip, cbow, skipsub, cbowsub, glove = job.tasks.values()
    words, features = len(job.corpus.features.words), len(job.corpus.features)
    assert [task.model.method for task in (skip, cbow, skipsub, cbowsub)] == ["skipgram", "cbow"] * 2
    assert (skip.model.window, skip.model.negative, skip.rate, cbow.rate, glove.rate) == (3, 2, 0.03, 0.2, 0.05)
    assert (glove.model.x_max, glove.model.words, glove.sampler.passes) == (7.0, words, 2.0)
    assert glove.sampler.size == len(job.corpus.records["glove"])
    places = {task.table.ctypes.data for task in job.tasks.values()}
    assert places == {job.shared.table.ctypes.data}
    assert len(job.shared.table) == features, "classifiers have no row of an n-gram"
    assert len(skipsub.table) == features + len(job.subwords.buckets)


def test_documents_are_means_of_words_and_of_word_pairs(small_job):
    job = small_job({"auxiliary.language": {"kind": "document", "negative": 3}})
    corpus, task = job.corpus, job.tasks["language"]
    words, model = corpus.features.words, task.model
    assert isinstance(model, DocumentModel) and model.documents is corpus.documents["language"]
    assert (model.negative, task.rate, task.sampler.size) == (3, 0.3, 72 + 80)
    np.testing.assert_array_equal(model._keep, keep_probability(words.counts, 1e-4))
    for place, sentence in enumerate(map(corpus.sentences["language"].row, range(72 + 80))):
        own = [words.words[number] for number in sentence]
        assert corpus.documents["language"].row(place).tolist() == corpus.features.encode(own).tolist()
    before = job.shared.table.copy()
    task.learn(np.arange(50), 1.0, 1.0)
    moved = (job.shared.table != before).any(1)
    assert moved[: len(words)].any() and moved[len(words) :].any(), "rows of word pairs move too"


def test_documents_have_no_subwords(job_values):
    with pytest.raises(ConfigError, match="language: subwords is for skipgram and cbow, not for document"):
        parse_settings(job_values({"auxiliary.language": {"kind": "document", "subwords": True}}))


def test_rows_of_n_grams_lie_behind_those_of_word_pairs(small_job):
    job = small_job({"auxiliary": {"language": {"kind": "cbow", "subwords": True, "min_n": 3, "max_n": 3}}})
    words, features = job.corpus.features.words, len(job.corpus.features)
    assert features > len(words), "there are word pairs"
    index, at = job.subwords, words.index("the")
    rows = index.rows[index.offsets[at] : index.offsets[at + 1]]
    assert rows[0] == at
    buckets = index.buckets[rows[1:] - features]
    assert buckets.tolist() == ngram_buckets("the", 3, 3, 2_000_000).tolist()
    before = job.shared.table.copy(), job.shared.beside["subwords"].copy()
    job.tasks["language"].learn(np.arange(50), 1.0, 1.0)
    moved = (job.shared.table != before[0]).any(1)
    assert moved[: len(words)].any() and not moved[len(words) :].any(), "no row of a word pair moves"
    assert (job.shared.beside["subwords"] != before[1]).any()


def test_without_subwords_there_are_no_rows_beside(small_job):
    job = small_job()
    assert job.subwords is None and list(job.shared.arrays()) == ["table"]


def test_the_clock_counts_epochs_of_the_primary(small_job):
    clock = small_job().strategy.clock
    assert (clock.total_steps, clock.steps_per_epoch) == (12, 12 / 5)


def test_the_seed_decides_labels_and_first_values(small_job):
    first, again, other = (small_job({"training.seed": seed}) for seed in (1, 1, 2))
    assert first.shared.table.tobytes() == again.shared.table.tobytes() != other.shared.table.tobytes()
    assert first.shared.table.tobytes() == new_table(*first.shared.table.shape, stream_key(1, "table")).tobytes()
    draws = [job.tasks["reviews"].data.rows.ids.tolist() for job in (first, again, other)]
    assert draws[0] == draws[1] != draws[2]
    assert first.corpus.test.rows.ids.tolist() == other.corpus.test.rows.ids.tolist(), "the split has its own seed"


def test_the_drawn_examples_keep_their_labels(small_job):
    job = small_job()
    pool, drawn = job.corpus.pool, job.tasks["reviews"].data
    known = {tuple(pool.rows.row(k)): pool.labels[k] for k in range(len(pool))}
    assert len(drawn) == 24
    assert [known[tuple(drawn.rows.row(k))] for k in range(24)] == drawn.labels.tolist()


@pytest.mark.parametrize(
    ("changes", "work"),
    [
        ({}, Skip(0.05)),
        ({"training.skip_floor": 0.2}, Skip(0.2)),
        ({"training.work": "exact"}, Exact()),
        ({"training.work": "every", "training.every": 3}, Every(3)),
    ],
)
def test_work_is_as_set(small_job, changes, work):
    assert small_job(changes).work == work


def test_too_few_labels_for_the_classes_is_an_error(job_values):
    settings = parse_settings(job_values({"primary.labels": 1}))
    with pytest.raises(DataError, match="1 labelled example cannot cover 2 classes"):
        make_job(load_corpus(settings), settings)


def test_the_torch_engine_trains_the_same_table(small_job):
    pytest.importorskip("torch")
    job = small_job({"model.encoder": "bilstm", "model.vector_size": 5})
    assert [type(task).__name__ for task in job.tasks.values()] == [
        "EncoderClassification",
        "EncoderClassification",
        "LanguageModel",
    ]
    weight, table = job.shared.encoder.embedding.weight, job.tasks["language"].table
    assert weight.data_ptr() == table.ctypes.data == whole_rows(table).ctypes.data
    assert weight.stride()[0] == whole_rows(table).shape[1] > weight.shape[1], "padded, and without a copy"
    assert len(job.corpus.features.pairs) == 0, "pairs are the bag's"
