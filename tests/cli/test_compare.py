"""``mt2st compare`` on a small file: every strategy, really run."""

import json
import os
import signal
import subprocess
import sys
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
    assert "warning: primary.labels is 100: only 72 are there, and all are used\n" in called.err
    assert f"warning: {tmp_path / 'reviews.tsv'}: rows left out: 1 NUL byte\n" in called.err
    folder = tmp_path / "compared"
    assert {file.name for file in folder.iterdir()} == {
        "config.toml",
        "comparison.json",
        "comparison.svg",
        "runs.jsonl",
    }
    assert json.loads((folder / "comparison.json").read_text()) == found
    assert all(name in called.out for name in STRATEGIES)


SMALL = ("--seeds", 2, "--trials", 1, "--out", "compared")


def test_the_same_command_takes_up_what_is_finished(cli, config, tmp_path, monkeypatch):
    path, file = config({"training.steps": 4, "training.interval": 2}), tmp_path / "compared/runs.jsonl"
    whole = cli("compare", path, *SMALL)
    lines = file.read_text().splitlines(keepends=True)
    assert whole.code == 0 and len(lines) == 1 + 24
    first = json.loads((tmp_path / "compared/comparison.json").read_text())
    for name in ("comparison.json", "comparison.svg", "config.toml"):
        (tmp_path / "compared" / name).unlink()
    file.write_text("".join(lines[:-3]))
    again = cli("compare", path, *SMALL)
    assert again.code == 0, again.err
    assert file.read_text().splitlines(keepends=True)[:-3] == lines[:-3]
    found = json.loads((tmp_path / "compared/comparison.json").read_text())
    assert [row["tests"] for row in found["rows"]] == [row["tests"] for row in first["rows"]]
    assert found["rows"][0]["seconds"] == first["rows"][0]["seconds"], "single has no new training"
    monkeypatch.setattr("mt2st.training.comparison.load_corpus", lambda _: pytest.fail("too late"))
    assert "reviews, 24 labels, 2 seeds, 1 rate tried each" in again.out
    called = cli("compare", path, *SMALL, "--labels", 20)
    assert called.code == 2 and "compared/runs.jsonl: the runs there are of other settings or data" in called.err
    assert "(primary.labels 24, here 20): use those, or give another folder with --out\n" in called.err


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(config, tmp_path):
    path = config({"training.steps": 400, "training.interval": 200})
    command = [sys.executable, "-m", "mt2st", "compare", str(path), "--seeds", "400", "--trials", "1"]
    how = {"stderr": subprocess.PIPE, "text": True, "cwd": tmp_path, "start_new_session": True}
    process = subprocess.Popen(command, **how)
    try:
        while "seed" not in process.stderr.readline() and process.poll() is None:
            pass
        second = subprocess.run([*command, "--out", "runs/reviews-compare-001"], **how, check=False)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    told = "stopped and saved; to resume, give the same command with --out runs/reviews-compare-001"
    assert err.splitlines()[-1] == told and "Traceback" not in err
    assert (tmp_path / "runs/reviews-compare-001/runs.jsonl").read_text().count("\n") > 12
    if sys.platform.startswith("linux"):
        who = f"runs/reviews-compare-001 is in use by process {process.pid}: wait for its end, or give another --out"
        assert (second.returncode, second.stderr) == (2, f"mt2st: {who}\n")


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
