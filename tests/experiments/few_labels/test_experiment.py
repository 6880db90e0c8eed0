"""The whole comparison on a few made-up texts, cut off and begun again; and the command."""

import json

import pytest

pytest.importorskip("fasttext")
pytest.importorskip("gensim")

from typer.testing import CliRunner

from mt2st.cli.app import app
from mt2st.experiments.few_labels.contenders import CONTENDERS
from mt2st.experiments.few_labels.experiment import FewLabelsExperiment
from mt2st.experiments.few_labels.sizes import Sizes


class CutError(Exception):
    pass


def test_a_cut_comparison_goes_on_to_all_tables(source, tmp_path, run_here):
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
    accuracies, *_ = experiment.write()
    assert accuracies.rows[0][0] == "cr 250" and "-" not in accuracies.rows[0]
    records = [json.loads(line) for line in (experiment.folder / "runs.jsonl").read_text().splitlines()][1:]
    mine = [line["record"]["test"]["accuracy"] for line in records if line["key"].startswith("cr 250 / mt2st rate")]
    assert len(mine) == 2 and accuracies.rows[0][1].startswith(f"{sum(mine) / 2:.3f} ")
    assert (experiment.folder / "few-labels.md").read_text().count("| cr 250 |") == 3
    assert set(CONTENDERS) <= set(accuracies.columns)
    assert all((experiment.folder / name).exists() for name in ("few-labels.svg", "few-labels-at-a-glance.svg"))


def test_the_command_names_what_is_missing(tmp_path):
    asked = ["benchmark", "few-labels", "--data", str(tmp_path), "--out", str(tmp_path / "t")]
    run = CliRunner().invoke(app, [*asked, "--set", "cr"])
    assert "missing: cr/all.tsv.xz, sst2/train.tsv.xz" in str(run.exception) and not (tmp_path / "t").exists()
    run = CliRunner().invoke(app, [*asked, "--set", "chess"])
    assert "no set 'chess': there are cr, subj, trec" in str(run.exception)
