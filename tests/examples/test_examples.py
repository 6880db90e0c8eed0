"""The examples are run as a reader runs them, and what they print is held to. Those of the gallery: tests/docs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GUESS = re.compile(r"always the most frequent class: accuracy ([\d.]+)")
ROW = re.compile(r"([\w ]+): accuracy ([\d.]+), [\d.]+ s, tagging ran (\d+), spared (\d+)")
VERDICT = re.compile(r"(tagging helps here|tagging hurts here|no help is shown by \d seeds): (.+) \[(.+), (.+)\]")


def run(name, *arguments, data="", rc=0, warnings="error"):
    command = [sys.executable, "-W", warnings, str(EXAMPLES / name), *map(str, arguments)]
    environment = {**os.environ, "MT2ST_DATA": str(data)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == rc, done.stderr
    return done.stderr if rc else done.stdout


def check_tagging(printed, steps):
    """The rows' accuracies and the verdict must agree with each other; returns the accuracies."""
    rows, found = ROW.findall(printed), VERDICT.search(printed)
    assert [name for name, *_ in rows] == ["alone", "with tagging"]
    assert all(int(ran) + int(spared) == steps for *_, ran, spared in rows)
    assert int(rows[0][2]) == 0 < int(rows[1][2]) < steps / 2
    alone, helped = (float(row[1]) for row in rows)
    middle, low, high = map(float, found.groups()[1:])
    assert middle == pytest.approx(helped - alone, abs=0.0015)
    assert low <= middle <= high
    assert found[1].split()[1] == ("helps" if low > 0 else "hurts" if high < 0 else "help")
    return alone, helped


def test_sentiment_with_tagging_on_made_up_files(tmp_path, reviews):
    sentiment, tags = tmp_path / "reviews.tsv", tmp_path / "tags.conllu"
    sentiment.write_text("".join(f"{label}\t{text}\n" for label, text in reviews(160, seed=1)))
    token = "{}\t{}\t_\t{}" + "\t_" * 6
    tagged = [
        "\n".join(token.format(place, word, "NOUN" if word.isalpha() else "X") for place, word in enumerate(words, 1))
        for words in (text.split() for _, text in reviews(60, seed=2))
    ]
    tags.write_text("\n\n".join(tagged) + "\n\n")
    given = ("--sentiment", sentiment, "--tags", tags, "--labels", 80, "--steps", 40, "--seeds", 2)
    alone, helped = check_tagging(run("sentiment_with_tagging.py", *given), steps=80)
    assert min(alone, helped) > 0.8


def test_sentiment_with_tagging_on_real_data(shared_data):
    for file in ("cr/all.tsv.xz", "ud_english_ewt/train.conllu.xz"):
        if not (shared_data / file).is_file():
            pytest.skip(f"no {file} in {shared_data}: MT2ST_DATA names a folder that has it")
    printed = run("sentiment_with_tagging.py", "--steps", 100, "--seeds", 2, data=shared_data)
    alone, helped = check_tagging(printed, steps=200)
    assert float(GUESS.search(printed)[1]) == pytest.approx(0.637, abs=0.02)  # 2,405 of 3,771 are positive
    assert 0.66 < min(alone, helped) < max(alone, helped) < 0.8


def test_missing_files_are_named_with_what_to_set(tmp_path):
    message = run("sentiment_with_tagging.py", data=tmp_path, rc=1)
    assert f"no file {tmp_path / 'cr' / 'all.tsv.xz'} and no file " in message
    assert "set MT2ST_DATA or give --sentiment and --tags" in message


@pytest.mark.parametrize("name", ["lightning", "accelerate"])
def test_lightning_and_accelerate_train_the_toy_alike(name):
    """The same data, batches and seeds; Lightning's own imports warn."""
    pytest.importorskip(name)
    alone, helped = run(f"with_{name}.py", warnings="ignore").splitlines()
    numbers = [float(re.search(r"test error ([\d.]+)", line)[1]) for line in (alone, helped)]
    assert numbers == pytest.approx([0.849, 0.463], abs=0.05)
    assert re.search(r"ran (?:at|in) (\d+)", alone)[1] == "0"
    assert 100 < int(re.search(r"ran (?:at|in) (\d+)", helped)[1]) * (2 if name == "lightning" else 1) < 200


@pytest.mark.parametrize("name", ["skorch", "transformers"])
def test_skorch_and_transformers_gain_from_their_auxiliary(name):
    pytest.importorskip(name)
    pattern = re.compile(r"(\w+): accuracy ([\d.]+)")
    (_, alone), (_, helped) = pattern.findall(run(f"with_{name}.py"))
    assert 0.6 < float(alone) + 0.03 < float(helped) < 0.95


def test_torchjds_aggregators_train_the_toy():
    pytest.importorskip("torchjd")
    lines = dict(line.split(": test error ") for line in run("with_torchjd.py").splitlines())
    assert list(lines) == ["weighted sum", "UPGrad", "PCGrad", "MGDA"]
    assert all(0.1 < float(error) < 0.6 for error in lines.values())


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("with_*.py")), ids=lambda path: path.name)
def test_an_example_of_an_adapter_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 40
