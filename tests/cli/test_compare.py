"""``mt2st compare`` on a small file: every strategy, really run."""

import json
from pathlib import Path

import pytest

from mt2st.errors import ConfigError
from mt2st.training.comparison import STRATEGIES


def test_compare_writes_the_rows_it_prints(cli, config, tmp_path):
    with (tmp_path / "reviews.tsv").open("a") as reviews:
        reviews.write("pos\tgood\0\n")
    few = {"training.steps": 4, "training.interval": 2, "training.on_bad_rows": "skip", "primary.labels": 100}
    path = config(few)
    called = cli("compare", path, "--seeds", 2, "--trials", 1, "--json", "found.json", "--out", "compared")
    assert called.code == 0, called.err
    assert "0/24 trainings: reading data\n" in called.err and "24/24 trainings: seed 2: feedback\n" in called.err
    found = json.loads((tmp_path / "found.json").read_text())
    assert [row["strategy"] for row in found["rows"]] == list(STRATEGIES)
    for row in found["rows"]:
        assert set(row["test"]) == {"mean", "low", "high"}
        assert row["test"]["low"] <= row["test"]["mean"] <= row["test"]["high"]
        assert row["test"]["mean"] == pytest.approx(sum(row["tests"]) / 2)
        assert row["seconds"] > 0
        assert row["seconds_to_single_best"] is None or 0 < row["seconds_to_single_best"] <= 2 * row["seconds"]
        assert (row["paired"] is None) == (row["strategy"] == "single")
        assert len(row["curve"]) == (
            8 if row["strategy"] == "feedback" else 2
        )  # with two scores in each of three trials
        assert f"{row['test']['mean']:.3f}" in called.out
    single = found["rows"][0]["tests"]
    for row in found["rows"][1:]:
        assert row["paired"]["mean"] == pytest.approx(sum(row["tests"]) / 2 - sum(single) / 2)
    assert (found["primary"], found["labels"], found["seeds"]) == ("reviews", 100, [1, 2])
    assert {part: found["data"][part] for part in ("training", "development", "test")} == {
        "training": 72,
        "development": 24,
        "test": 24,
    }
    assert "reviews, 72 labels, 2 seeds" in called.out and "one test part of 24." in called.out
    assert "warning: primary.labels is 100: there are 72, and all are used\n" in called.err
    assert f"warning: {tmp_path / 'reviews.tsv'}: rows left out: 1 NUL byte\n" in called.err
    folder = tmp_path / "compared"
    assert {file.name for file in folder.iterdir()} == {"config.toml", "comparison.json", "comparison.svg"}
    assert json.loads((folder / "comparison.json").read_text()) == found
    assert all(name in called.out for name in STRATEGIES)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--data", "none.tsv"), "none.tsv: there is no such file"),
        (("--json", "none/found.json"), "cannot write none/found.json"),
        (("--out", "job.toml/compared"), "cannot write to job.toml/compared (Not a directory): give another folder"),
        (("--out", "full"), "full exists and is not empty: give another --out\n"),
        (("--set", "strategy.at=-1"), "strategy.at: Input should be greater"),
    ],
)
def test_errors_come_before_the_work(cli, config, tmp_path, monkeypatch, options, message):
    monkeypatch.setattr("mt2st.training.comparison.search_rates", lambda *_: pytest.fail("the search has begun"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a.txt").write_text("x")
    called = cli("compare", config(), *options, "--quiet")
    assert called.code == 2
    assert called.err.startswith("mt2st: ") and message in called.err and "Traceback" not in called.err


def test_a_place_where_no_folder_can_be_made_is_told_before_the_work(cli, config, tmp_path, monkeypatch):
    monkeypatch.setattr("mt2st.training.comparison.compare", lambda *_, **__: pytest.fail("the work has begun"))
    (tmp_path / "runs").write_text("a file")
    called = cli("compare", config(), "-q")
    assert (called.code, called.err) == (
        2,
        "mt2st: cannot write to runs (Not a directory): give another folder with --out\n",
    )


def test_the_help_names_every_strategy_that_is_run(cli):
    called = cli("compare", "--help")
    assert all(name in called.out for name in STRATEGIES)


def test_what_a_comparison_leaves_out_is_told(cli, config, monkeypatch):
    def ended(*_, **__):
        raise ConfigError("enough")

    monkeypatch.setattr("mt2st.training.comparison.compare", ended)
    rule = "is left out: compare sets the strategy, and trains to the last step"
    own = {"auxiliary.film.strategy": {"name": "constant"}, "training.max_seconds": 5.0}
    told = f"warning: auxiliary.film.strategy {rule}\nwarning: training.max_seconds {rule}\n"
    assert cli("compare", config(own), "-q").err == told + "mt2st: enough\n"
    assert cli("compare", config(), "-q").err == "mt2st: enough\n"
    assert not Path("runs").exists(), "a comparison that came to nothing leaves no folder"
