"""The whole comparison on a few made-up texts, cut off and begun again; and the command."""

import json
import sys

import pytest

pytest.importorskip("fasttext")
pytest.importorskip("gensim")

from typer.testing import CliRunner

from mt2st.cli.app import app
from mt2st.errors import ConfigError, Mt2stError
from mt2st.experiments.few_labels import experiment as few_labels
from mt2st.experiments.few_labels import runs
from mt2st.experiments.few_labels.contenders import CONTENDERS
from mt2st.experiments.few_labels.experiment import FewLabelsExperiment
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.folder_lock import refusing_others


class CutError(Exception):
    pass


def test_a_cut_comparison_goes_on_to_all_tables(source, tmp_path, run_here, monkeypatch):
    run_here()
    experiment = FewLabelsExperiment(source, tmp_path / "t", Sizes(autotune=1), ("cr",), splits=2, most=250)
    told = []

    def cut(trial, fresh):
        told.append(trial.key)
        if len(told) == 5:
            raise CutError

    with pytest.raises(CutError):
        experiment.run(1, lambda step: None, cut)
    fresh = []
    experiment.run(1, lambda step: None, lambda trial, new: fresh.append(new))
    assert len(fresh) == len(experiment.grid) == 7 * 2 and fresh.count(False) == 5
    monkeypatch.setattr("mt2st.experiments.experiment.Pool", None)
    experiment.run(1, pytest.fail, lambda trial, new: fresh.append(new))
    assert fresh.count(False) == 5 + 14, "nothing is left: no data are prepared and no worker begins"
    accuracies, *_ = experiment.write()
    assert accuracies.rows[0][0] == "cr 250" and "-" not in accuracies.rows[0]
    records = [json.loads(line) for line in (experiment.folder / "runs.jsonl").read_text().splitlines()][1:]
    mine = [line["record"]["test"]["accuracy"] for line in records if line["key"].startswith("cr 250 / mt2st rate")]
    assert len(mine) == 2 and accuracies.rows[0][1].startswith(f"{sum(mine) / 2:.3f} ")
    assert (experiment.folder / "few-labels.md").read_text().count("| cr 250 |") == 3
    assert set(CONTENDERS) <= set(accuracies.columns)
    assert all((experiment.folder / name).exists() for name in ("few-labels.svg", "few-labels-at-a-glance.svg"))


def test_a_contender_that_fails_leaves_its_cell_empty_and_the_rest_goes_on(source, tmp_path, run_here, monkeypatch):
    def fail(split, seed, sizes):
        raise RuntimeError("no model | in 1 second")

    run_here()
    for name in ("mt2st", "mt2st, 2 passes", "mt2st, primary only", "fastText, autotuned"):
        monkeypatch.setitem(runs.CONTENDERS, name, fail)
    monkeypatch.setattr(runs, "begin", lambda *here: runs._here.update(zip(("source", "sizes"), here, strict=True)))
    monkeypatch.setattr(few_labels, "begin", runs.begin)
    asked = ["benchmark", "few-labels", "--data", str(source), "--out", str(tmp_path / "t"), "--quick", "--splits", "1"]
    run = CliRunner().invoke(app, asked)
    assert isinstance(run.exception, Mt2stError)
    assert str(run.exception) == (
        f"{tmp_path}/t/few-labels.md: empty cells: 4 of 7, as trainings failed, the first of them cr 250 / mt2st "
        "rate=0 seed=1 (RuntimeError: no model | in 1 second): the same command tries them again"
    )
    told = (tmp_path / "t/few-labels.md").read_text()
    first = next(line for line in told.splitlines() if line.startswith("| cr 250 |"))
    assert first.count("| -") == 4
    assert "| cr 250 / fastText, autotuned rate=0 seed=1 | RuntimeError: no model \\| in 1 second |" in told
    assert (tmp_path / "t/few-labels.svg").exists()
    assert "0/7 trainings: reading data\n" in run.stderr and "7/7 trainings: cr 250" in run.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_folder_is_one_process_s_at_a_time(source, tmp_path):
    experiment = FewLabelsExperiment(source, tmp_path / "t", Sizes(autotune=1), ("cr",))
    refused = pytest.raises(ConfigError, match=r"t is in use by .*process.*, or give another folder with --out")
    with refusing_others(experiment.folder, "in use", "leave it"), refused:
        experiment.run(1, lambda step: None, lambda trial, fresh: None)


def test_the_command_names_what_is_missing(tmp_path):
    asked = ["benchmark", "few-labels", "--data", str(tmp_path), "--out", str(tmp_path / "t")]
    run = CliRunner().invoke(app, [*asked, "--set", "cr"])
    assert "missing: cr/all.tsv.xz, sst2/train.tsv.xz" in str(run.exception) and not (tmp_path / "t").exists()
    run = CliRunner().invoke(app, [*asked, "--set", "chess"])
    assert "no set 'chess': there are cr, subj, trec" in str(run.exception)
