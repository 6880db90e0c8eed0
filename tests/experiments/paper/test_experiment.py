"""The whole experiment on a few made-up reviews, cut off and begun again; and the command."""

import json

import pytest

pytest.importorskip("torch")
pytest.importorskip("gensim")  # has the analogies

from typer.testing import CliRunner

from mt2st.cli.app import app
from mt2st.experiments.paper import experiment as whole
from mt2st.experiments.paper.cells import PAPER_FROZEN, PAPER_TRAINED, PaperCell
from mt2st.experiments.paper.experiment import PaperExperiment

E = "skipgram+subwords"
CELLS = [
    *(PaperCell(E, row) for row in ("frozen", "trained", PAPER_FROZEN, PAPER_TRAINED)),
    PaperCell(E, "offset", "switch"),
    PaperCell(E, "all", "feedback"),
    PaperCell(E, "all", "diminish"),
]


class CutError(Exception):
    pass


@pytest.fixture
def experiment(source, tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(whole, "all_cells", lambda embeddings: CELLS)
    return PaperExperiment(source, tmp_path / "paper", tiny, (E,), seeds=2)


def test_a_cut_experiment_goes_on_to_the_same_figures_and_tables(experiment, run_here):
    told = []

    def cut(trial, fresh):
        told.append((trial.key, fresh))
        if len(told) == 9:
            raise CutError

    with pytest.raises(CutError):
        experiment.run(2, lambda step: None, cut)
    told.clear()
    experiment.run(1, lambda step: None, lambda trial, fresh: told.append((trial.key, fresh)))
    assert len(told) == len(experiment.grid) == 5 * 3 + 7 * 2
    assert sum(fresh for _, fresh in told) == len(told) - 9
    found = experiment.outcomes()
    assert list(found) == CELLS
    first = experiment.outcomes()[CELLS[-1]].records[0]

    # A training is the same wherever it ran: run one again, alone and in this process.
    run_here()
    lines = (experiment.folder / "runs.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])["key"]
    kept = [line for line in lines if json.loads(line).get("key") != last]
    (experiment.folder / "runs.jsonl").write_text("\n".join(kept) + "\n")
    experiment.run(1, lambda step: None, lambda trial, fresh: None)
    again = experiment.records()[last]
    before = json.loads(lines[-1])["record"]
    timed = {"seconds", "tasks", "curve"}
    assert {k: v for k, v in again.items() if k not in timed} == {k: v for k, v in before.items() if k not in timed}
    assert [point[2:] for point in again["curve"]] == [point[2:] for point in before["curve"]]

    assert set(first["tasks"]) == {"reviews", "offset", "alignment", "analogy", "similarity", "language"}
    assert first["test"]["examples"] == 20 and len(first["curve"]) == 2
    searched = experiment.records()[f"{E} / all / diminish rate=0.002 seed=1000"]
    assert searched["test"] is None, "the search never sees the test part"

    tables = experiment.write()
    assert [table.title for table in tables[-2:]] == [
        "feedback: accuracy and cost",
        "feedback: precision, recall and F1",
    ]
    text = (experiment.folder / "paper.md").read_text()
    accuracy = sum(record["test"]["accuracy"] for record in found[CELLS[1]].records) / 2
    assert f"| {E} | trained | {accuracy:.3f} ±" in text
    lines = text.count(f"| {E} |")
    assert lines == 1 + 2 * (2 + 1 + 1 + 1), "two lines a finished cell, and one of what the paper compares"
    for strategy in ("multi-task", "switch"):
        assert (experiment.folder / f"curves-{strategy}.svg").read_bytes().startswith(b"<?xml")


def test_the_command_names_what_is_missing(tmp_path):
    run = CliRunner().invoke(app, ["benchmark", "paper", "--out", str(tmp_path / "p")], env={"MT2ST_DATA": None})
    assert "give it with --data, or in MT2ST_DATA" in str(run.exception)
    run = CliRunner().invoke(app, ["benchmark", "paper", "--data", str(tmp_path), "--embedding", "elmo"])
    assert "no embedding 'elmo': there are cbow, skipgram" in str(run.exception)
    run = CliRunner().invoke(app, ["benchmark", "paper", "--data", str(tmp_path), "--out", str(tmp_path / "p")])
    assert "missing: imdb/train.tsv.xz" in str(run.exception) and not (tmp_path / "p").exists()
