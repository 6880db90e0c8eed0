"""Word lists in whole runs on both engines: they learn, and a stopped run ends as one that was not."""

import numpy as np
import pytest

pytest.importorskip("torch")

from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import parse_settings

FILES = {
    "pairs.txt": "good table 1\nthe a 8\nfilm box 2\nphone film 4\nbox phone 9\nthe box 3\n",
    "questions.txt": ": gram1\nthe film a box\nthe phone a table\n: more\nthe table a film\nfilm box phone table\n",
    "dictionary.tsv": "film\tbox\nphone\ttable\nthe\ta\n",
    "de.vec": "3 8\nFilm 1 0 0 0 0 0 0 0\nTisch 0 1 0 0 0 0 0 0\ndas 0 0 1 0 0 0 0 0\n",
    "en-de.tsv": "film\tFilm\ntable\tTisch\nthe\tdas\n",
}
KINDS = {
    "similarity": {"kind": "similarity", "data": "pairs.txt"},
    "elements": {"kind": "similarity", "data": "pairs.txt", "over": "elements"},
    "analogy": {"kind": "analogy", "data": "questions.txt"},
    "offset": {"kind": "offset", "data": "questions.txt"},
    "alignment": {"kind": "alignment", "data": "dictionary.tsv", "neighbours": 1, "mapping": True},
    "resting": {"kind": "alignment", "data": "en-de.tsv", "neighbours": 1, "target_vectors": "de.vec"},
}


@pytest.fixture
def changes_of(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)

    def changes(encoder, kind):
        helper = {**KINDS[kind], "batch": 5}
        for name in ("data", "target_vectors"):
            if name in helper:
                helper[name] = str(tmp_path / helper[name])
        return {
            "auxiliary": {"helper": helper},
            "model.encoder": encoder,
            "strategy.name": "diminish",
            "strategy.rate": 2.0,
        }

    return changes


def end_of(run):
    arrays, state = load_checkpoint(run.checkpoints)
    return {name: array.tobytes() for name, array in arrays.items()}, state["draws"]


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_stopped_run_ends_as_one_that_was_not(train_in, stop_after, job_values, changes_of, encoder, kind):
    changes = changes_of(encoder, kind)
    corpus = load_corpus(parse_settings(job_values(changes)))
    whole, result = train_in("whole", changes, corpus=corpus)
    assert 0 < result["work"]["helper"]["ran"] < 12 and result["work"]["helper"]["not_finite"] == 0
    for step in (1, 5):
        train_in(f"stopped{step}", changes, stop=stop_after(step), corpus=corpus)
        run, _ = train_in(f"stopped{step}", changes, corpus=corpus)
        assert end_of(run) == end_of(whole), step


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_list_is_learned_and_only_its_words_move(small_job, changes_of, encoder, kind):
    changes = {**changes_of(encoder, kind), "auxiliary.helper.table_rate": 0.1}
    job = small_job(changes)
    task, before = job.tasks["helper"], job.shared.table.copy()
    losses = [task.learn(np.arange(task.sampler.size), 1.0, 1.0).loss for _ in range(40)]
    assert losses[-1] < losses[0] - 0.1
    words, moved = job.corpus.features.words.words, np.flatnonzero((job.shared.table != before).any(1))
    places = job.corpus.lexical["helper"].places
    named = set(places[:, 0]) if kind == "resting" else set(places.flat)
    if kind == "analogy":
        assert len(moved) <= len(words), "any word may answer, a pair of words may not"
    else:
        assert set(moved) <= named and len(moved) >= 2


def test_ranks_would_see_another_list(job_values, changes_of, tmp_path):
    from mt2st.training.ranks.data import digest

    changes = changes_of("bag", "similarity")
    one = digest(load_corpus(parse_settings(job_values(changes))))
    (tmp_path / "pairs.txt").write_text(FILES["pairs.txt"].replace("9", "7"))
    assert digest(load_corpus(parse_settings(job_values(changes)))) != one


def test_options_reach_the_tasks(small_job, changes_of):
    task = small_job(changes_of("bag", "resting")).tasks["helper"].task
    assert task.map is None and len(task.resting) == 3
    assert small_job(changes_of("bag", "alignment")).tasks["helper"].task.map is not None
    assert small_job(changes_of("bag", "elements")).tasks["helper"].sampler.size == 2, "pairs above the median"
    table = small_job({**changes_of("bag", "offset"), "auxiliary.helper.table_rate": 0.07}).tasks["helper"].shared
    assert table.rate == 0.07


def test_scores_are_compared_within_a_list_alone(small_job, changes_of, tmp_path):
    # In order within each list, and not across: the second counts to 100.
    table = {"the": [1, 0], "film": [0.9, 0.1], "box": [0.5, 0.5], "phone": [0, 1]}
    (tmp_path / "pairs.txt").write_text("the film 9\nthe box 5\nthe phone 1\n")
    (tmp_path / "more.txt").write_text("film the 99\nbox the 50\nphone the 10\n")
    changes = {**changes_of("bag", "similarity"), "auxiliary.helper.temperature": 0.02, "auxiliary.helper.batch": 6}
    job = small_job({**changes, "auxiliary.helper.data": [str(tmp_path / name) for name in ("pairs.txt", "more.txt")]})
    job.shared.table[:] = 0
    for word, vector in table.items():
        job.shared.table[job.corpus.features.words.words.index(word), :2] = vector
    task = job.tasks["helper"]
    outcome = task.learn(np.arange(6), 1.0, 0.0)
    assert outcome.loss / outcome.terms == pytest.approx(-1.0, abs=1e-3)
