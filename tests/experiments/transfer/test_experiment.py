"""The whole comparison on a few made-up texts, cut off and begun again; and the command."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("torchjd")

from typer.testing import CliRunner

from mt2st.cli.app import app
from mt2st.experiments.transfer import experiment as whole
from mt2st.experiments.transfer import tables as written
from mt2st.experiments.transfer.experiment import TransferExperiment
from mt2st.experiments.transfer.primaries import PRIMARIES
from mt2st.experiments.transfer.runs import settings_of
from mt2st.experiments.transfer.sizes import Sizes

METHODS = ("single", "pretrain", "constant", "switch auto", "feedback", "PCGrad")
TINY = Sizes(
    passes=0.1, helper_passes=0.3, language_passes=0.5, words=100, steps=6, intervals=3, vector_size=8, hidden_size=4
)


@pytest.fixture(autouse=True)
def smaller(monkeypatch):
    """Ask for parts that the made-up data has."""
    for primary in PRIMARIES.values():
        for part in ("labels", "development", "test"):
            if part in primary.task:
                monkeypatch.setitem(primary.task, part, 20)
    for module in (whole, written):
        monkeypatch.setattr(module, "METHODS", METHODS)
    monkeypatch.setattr(written, "RIVALS", ("single", "pretrain", "constant", "PCGrad"))


class CutError(Exception):
    pass


@pytest.mark.parametrize("primary", ["names", "products"])
def test_a_cut_comparison_goes_on_to_all_tables(source, tmp_path, run_here, primary):
    from mt2st.experiments.transfer import runs

    run_here()
    runs._corpus.cache_clear()
    experiment = TransferExperiment(source, tmp_path / "t", TINY, (primary,), seeds=2, trials=2)
    told = []

    def cut(trial, fresh):
        told.append(trial.key)
        if len(told) == 5:
            raise CutError

    with pytest.raises(CutError):
        experiment.run(1, lambda step: None, cut)
    fresh = []
    experiment.run(1, lambda step: None, lambda trial, new: fresh.append(new))
    assert len(fresh) == len(experiment.grid) == 6 * (2 + 2) and fresh.count(False) == 5
    tables = experiment.write()
    assert [table.title for table in tables][2:] == [primary]
    assert [row[0] for row in tables[0].rows] == list(METHODS) == [row[0] for row in tables[2].rows]
    assert [row[1] for row in tables[1].rows] == ["feedback", "switch auto"]
    single = experiment.outcomes()[experiment.grid.cells[0]]
    measure = "span_f1" if primary == "names" else "accuracy"
    mean = sum(record["test"][measure] for record in single.records) / 2
    assert tables[2].rows[0][1].startswith(f"{mean:.3f} ±")
    assert "| PCGrad |" in (experiment.folder / "transfer.md").read_text()


@pytest.mark.parametrize("primary", PRIMARIES)
def test_every_primary_has_the_same_model_and_its_own_helpers(source, tmp_path, primary):
    found = settings_of(source, tmp_path, TINY, primary, "feedback", 0, 3)
    assert (found.model.encoder, found.model.vector_size, found.training.seed) == ("bilstm", 8, 3)
    assert list(found.auxiliary) == list(PRIMARIES[primary].helpers) and found.auxiliary["language"].kind == "skipgram"
    assert found.strategy.name == "feedback"


def test_text_is_drawn_from_its_start_until_it_has_enough_words(source, tmp_path):
    from mt2st.experiments.transfer.runs import prepare, text_file
    from mt2st.text.files import read_lines

    prepare(source, tmp_path, TINY)
    drawn = text_file(tmp_path, "wiki/sentences.txt.xz").read_text().splitlines()
    whole = [line.text for line in read_lines(str(source / "wiki/sentences.txt.xz"))]
    assert drawn == whole[:13] and len(whole) == 40, "eight words a line: 96 are too few, 104 are enough"


def test_the_command_names_what_is_missing(tmp_path):
    run = CliRunner().invoke(app, ["benchmark", "transfer", "--data", str(tmp_path), "--out", str(tmp_path / "t")])
    assert "missing: wnut17/train.conll.xz" in str(run.exception) and not (tmp_path / "t").exists()
    run = CliRunner().invoke(app, ["benchmark", "transfer", "--data", str(tmp_path), "--primary", "chess"])
    assert "no primary 'chess': there are names, tags" in str(run.exception)
