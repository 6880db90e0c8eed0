"""``mt2st init``, ``mt2st data list``, ``--version`` and ``--help``."""

import re
import textwrap

import pytest

from mt2st import __version__
from mt2st.datasets import DATASETS
from mt2st.training.settings import default_settings, load_settings, parse_settings


@pytest.mark.parametrize("primary", ["products", "film", "tweets", "editorials"])
def test_init_writes_the_default_job(cli, tmp_path, primary):
    called = cli("init", "mine.toml", "--primary", primary)
    assert called == (0, "wrote mine.toml; train with: mt2st train mine.toml\n", "")
    assert parse_settings(load_settings(tmp_path / "mine.toml")) == parse_settings(default_settings(primary))
    lines = (tmp_path / "mine.toml").read_text().splitlines()
    assert all("#" in line for line in lines if line), "every line has its comment"


def test_init_begins_a_section_with_what_one_changes_first(cli, tmp_path):
    cli("init")
    written = load_settings(tmp_path / "mt2st.toml")
    sections = written["primary"], written["auxiliary"]["film"], written["model"], written["strategy"]
    assert [next(iter(section)) for section in sections] == ["kind", "kind", "encoder", "name"]


def test_init_does_not_write_over_a_file_unless_forced(cli, tmp_path):
    (tmp_path / "mt2st.toml").write_text("mine")
    called = cli("init")
    assert called == (2, "", "mt2st: mt2st.toml exists: give another path, or --force to overwrite it\n")
    assert (tmp_path / "mt2st.toml").read_text() == "mine"
    assert cli("init", "--force").code == 0
    assert parse_settings(load_settings(tmp_path / "mt2st.toml")) == parse_settings(default_settings())


def test_init_writes_no_file_called_dash(cli, tmp_path):
    called = cli("init", "-")
    assert (called.code, called.err) == (2, "mt2st: cannot write to -: give the path of a file, as /dev/stdout\n")
    assert not (tmp_path / "-").exists()


def test_init_in_no_folder_is_an_error(cli):
    called = cli("init", "none/a.toml")
    assert called.code == 2
    assert called.err.startswith("mt2st: cannot write none/a.toml")


def test_data_list_shows_every_set(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("MT2ST_CACHE", str(tmp_path / "cache"))
    called = cli("data", "list")
    assert (called.code, called.err) == (0, "")
    for dataset in DATASETS.values():
        row = next(line for line in called.out.splitlines() if f" {dataset.name} " in line)
        assert f"{dataset.rows:,}" in row
    assert "licence" in called.out and "cached" in called.out


def test_data_fetch_of_an_unknown_name(cli):
    called = cli("data", "fetch", "flim")
    assert called.code == 2
    assert "did you mean 'film'?" in called.err and "Traceback" not in called.err


def test_the_version_is_shown(cli):
    assert cli("--version") == (0, f"mt2st {__version__}\n", "")


def test_help_names_every_command(cli):
    out = cli("--help").out
    assert all(f" {command} " in out for command in ("train", "compare", "predict", "evaluate", "init", "data"))


def test_help_groups_the_commands(cli):
    rows = [line.strip("│╭╮╰╯─ ") for line in cli("--help").out.splitlines()]
    groups = ["One labelled file", "Jobs of several tasks", "Models", "Word vectors", "Data and experiments"]
    assert [row for row in rows if row in groups] == groups


def test_a_paragraph_of_help_fills_the_width_of_the_terminal(cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for command in ("fit", "tune", "predict", "train", "compare", "vectors", "neighbours"):
        text = cli(command, "--help").out.partition("╭")[0]
        for paragraph in re.split(r"\n\s*\n", text.strip())[1:]:
            words = " ".join(paragraph.split())
            lines = [line.strip() for line in paragraph.splitlines()]
            assert lines == textwrap.wrap(words, 78, break_on_hyphens=False), command
