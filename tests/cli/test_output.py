"""What is printed: names and paths as they are, results apart from progress, and a disk that is full."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mt2st.cli.tables import console, print_measures
from mt2st.evaluation import evaluate_classification

STEPS = ("--set", "training.steps=3", "--set", "training.interval=3")
FULL = "No space left on device; free space on the disk, or write to another one"


def test_names_are_printed_as_they_are(cli, config, tmp_path):
    out = "run [old] :key: [b]"
    called = cli("train", config(), "--set", "primary.name=[/x]", *STEPS, "--out", out)
    assert called.code == 0, called.err
    assert f"    model  {out}/model\n" in called.out and "Test: [/x], switch" in called.out


def test_a_folder_in_brackets_does_not_crash_the_search(cli, reviews, tmp_path):
    (tmp_path / "few.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in reviews(60, 1)))
    called = cli("tune", "few.tsv", "--out", "T [/b]", "--trials", 1, "--engine", "random")
    assert called.code == 0, called.err
    assert "    model  T [/b]/model\n" in called.out


def test_kinds_of_spans_may_hold_brackets(cli, tagger, tmp_path):
    (tmp_path / "more.conll").write_text("Anna\tB-PER[/x]\nlikes\tO\nBert\tB-PER\n\n")
    called = cli("evaluate", tagger, "more.conll")
    assert called.code == 0 and "PER[/x]" in called.out, called.err


def test_a_file_beside_few_measures_is_named_on_one_line(cli, tmp_path):
    (tmp_path / "train.conll").write_text("the\tD\ndog\tN\n\na\tD\ncat\tN\n\n" * 2)
    (tmp_path / "a_long_name.conll").write_text("my\tD\ndog\tN\n")
    assert cli("fit", "train.conll", "--kind", "tagging", "--test-share", 0, "--out", "tagger").code == 0
    called = cli("evaluate", "tagger", "a_long_name.conll")
    assert called.out.splitlines()[0] == "a_long_name.conll" and "\naccuracy " in called.out, called.err


def test_progress_is_no_result(cli, config):
    called = cli("train", config(), *STEPS, "--out", "run")
    assert called.code == 0
    assert "reading data ..." in called.err and "step 3/3" in called.err
    assert "reading data" not in called.out and "step 3/3" not in called.out


def run(*arguments, **how):
    how = {"stdin": subprocess.DEVNULL, "capture_output": "stdout" not in how, **how}
    if not how["capture_output"]:
        how["stderr"] = subprocess.PIPE
    return subprocess.run([sys.executable, "-m", "mt2st", *map(str, arguments)], text=True, check=False, **how)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full is Linux's")
def test_a_full_disk_is_a_line_of_error(trained, held):
    with Path("/dev/full").open("w") as full, held.open() as texts:
        for called in (
            run("predict", trained, stdout=full, stdin=texts),
            run("evaluate", trained, held, stdout=full),
            run("evaluate", trained, held, "--json", "/dev/full"),
        ):
            assert (called.returncode, called.stderr) == (2, f"mt2st: the system says: {FULL}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="asks a shell")
def test_a_closed_standard_output_is_a_line_of_error(trained, held):
    def called(*arguments):
        command = ["sh", "-c", '"$0" -m mt2st "$@" >&-', sys.executable, *map(str, arguments)]
        with held.open() as texts:
            return subprocess.run(command, stdin=texts, stderr=subprocess.PIPE, text=True, check=False)

    closed = "mt2st: standard output: the system says: Bad file descriptor; give it a file or a pipe, as by > FILE\n"
    for command in (("predict", trained), ("evaluate", trained, held), ("--version",)):
        done = called(*command)
        assert (done.returncode, done.stderr) == (2, closed)


def test_a_checkpoint_that_does_not_fit_is_a_line_of_error(config, tmp_path):
    resource = pytest.importorskip("resource")

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    called = run(
        "train", config(), "--out", tmp_path / "run", "-q", "--set", "model.vector_size=100", preexec_fn=limited
    )
    assert called.returncode == 2
    assert called.stderr.startswith("mt2st: the system says: File too large; write to a place"), called.stderr
    assert called.stderr.count("\n") == 1


def test_standard_input_may_be_closed(cli, trained, monkeypatch):
    from mt2st.cli import standard_input

    class Closed:
        stdin = None

    monkeypatch.setattr(standard_input, "sys", Closed)
    called = cli("predict", trained)
    assert (called.code, called.out) == (2, "")
    assert called.err == "mt2st: standard input: closed, so there is nothing to read: give lines, as by < FILE\n"


def test_classes_have_rows_of_their_own_unless_they_are_many(capsys):
    for classes, rows in ((20, 22), (21, 2)):
        numbers = np.arange(classes)
        report = evaluate_classification(numbers, numbers, tuple(f"class {n}" for n in numbers)).as_dict()
        print_measures(console(), report, "Test")
        assert capsys.readouterr().out.count("│     1.000 │  1.000 │ 1.000 │") == rows
