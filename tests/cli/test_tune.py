"""``mt2st tune``: a table in, a model and its record out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import mt2st
from mt2st.estimators.tuning.sizes import folder_bytes


@pytest.fixture
def table(tmp_path, reviews):
    lines = [f"{label}\t{text}\n" for label, text in reviews(100, 1)]
    path = tmp_path / "reviews.tsv"
    path.write_text("".join(lines))
    return path


def record_of(folder):
    return json.loads((folder / "tuning.json").read_text())


def test_a_model_that_predict_evaluate_and_load_read(cli, table, tmp_path):
    called = cli("tune", table, "--out", "found", "--trials", 3, "--engine", "random", "--seed", 2)
    assert called.code == 0 and called.err.startswith("0/3 trials: trying the defaults\n"), called.err
    assert called.err.splitlines()[-1].startswith("3/3 trials: best ")
    record = record_of(tmp_path / "found")
    assert (record["engine"], record["seed"], len(record["trials"]), record["rows"]) == ("random", 2, 3, 80)
    lines = (tmp_path / "found" / "trials.jsonl").read_text().splitlines()
    assert [json.loads(line)["score"] for line in lines] == [trial["score"] for trial in record["trials"]]
    assert "Best of 3 trials, by accuracy on held-out examples (random)" in called.out
    assert "Test: 20 texts never used above" in called.out and "; the defaults, of any size: " in called.out
    assert record["test"]["tuned"] == record["test"]["accuracy"] and record["test"]["examples"] == 20
    assert (tmp_path / "found" / "report.html").exists() and "report  found/report.html" in called.out
    texts = ["a lovely fine film", "dreadful dull box"]
    told = cli("predict", "found", stdin="\n".join(texts).encode())
    assert told.out.split() == ["pos", "neg"] == mt2st.load(tmp_path / "found").predict(texts).tolist()
    assert cli("predict", "found/model", stdin="\n".join(texts).encode()).out == told.out
    called = cli("evaluate", "found", "--data", table, "--json", "judged.json")
    assert called.code == 0
    judged = json.loads((tmp_path / "judged.json").read_text())
    rows = [line.split("\t") for line in table.read_text().splitlines()]
    model = mt2st.load(tmp_path / "found" / "model")
    assert judged["accuracy"] == pytest.approx(model.score([text for _, text in rows], [label for label, _ in rows]))


def test_of_one_trial_there_is_one_and_what_was_asked_for_is_kept(cli, table, tmp_path):
    called = cli("tune", table, "--out", "found", "--trials", 1, "--engine", "random", "--test-share", 0.01)
    assert called.code == 0, called.err
    assert "0/1 trial: " in called.err and "Best of 1 trial, by" in called.out and "Test: 1 text never" in called.out
    record = record_of(tmp_path / "found")
    assert (record["most_trials"], record["budget"]) == (1, None)


def test_the_same_twice(cli, table, tmp_path):
    records = []
    for out in ("one", "two"):
        assert cli("tune", table, "--out", out, "--seconds", 1.5, "--engine", "random", "--quiet").code == 0
        records.append(record_of(tmp_path / out))
        for trial in records[-1]["trials"]:
            trial.pop("seconds")
    assert records[0] == records[1]
    files = [(tmp_path / out / "model" / "model.safetensors").read_bytes() for out in ("one", "two")]
    assert files[0] == files[1]


def test_no_text_of_the_test_part_reaches_the_search(cli, table, tmp_path, monkeypatch):
    from mt2st.estimators.text_classifier import TextClassifier

    seen, real = set(), TextClassifier.fit

    def note(self, texts, labels, sample_weight=None, *, unlabelled=None, auxiliary=None):
        seen.update(texts, unlabelled or [], *(own for own, _ in (auxiliary or {}).values()))
        return real(self, texts, labels, sample_weight, unlabelled=unlabelled, auxiliary=auxiliary)

    monkeypatch.setattr(TextClassifier, "fit", note)
    rows = [line.split("\t")[1] for line in table.read_text().splitlines()]
    (tmp_path / "more.txt").write_text("".join(f"{text}\n" for text in [*rows, "a further text"]))
    (tmp_path / "other.tsv").write_text("".join(f"{k % 2}\t{text}\n" for k, text in enumerate([*rows, "one", "two"])))
    options = ("--unlabelled", "more.txt", "--auxiliary", "other=other.tsv", "--test-share", 0.3)
    called = cli("tune", table, "--out", "found", "--trials", 1, "--engine", "random", *options)
    assert called.code == 0, called.err
    held = set(rows) - seen
    assert len(held) == 30 and {"a further text", "one", "two"} <= seen
    for name in ("more.txt", "other.tsv"):
        assert f"warning: {name}: rows left out: 30 held out for the test" in called.err


def test_a_test_part_can_be_done_without(cli, table, tmp_path):
    assert cli("tune", table, "--out", "found", "--trials", 1, "--test-share", 0, "--json", "own.json").code == 0
    assert record_of(tmp_path / "found")["test"] is None
    assert json.loads((tmp_path / "own.json").read_text())["rows"] == 100


def test_a_file_to_test_on_may_be_given(cli, table, tmp_path, reviews):
    (tmp_path / "test.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in reviews(30, 2)))
    assert cli("tune", table, "--out", "found", "--trials", 1, "--test", "test.tsv").code == 0
    record = record_of(tmp_path / "found")
    assert record["test"]["rows"] == 30 and record["rows"] >= 99  # a text that the two share is left out


def test_the_model_is_as_small_as_was_asked(cli, table, tmp_path):
    options = ("--model-size", "9K", "--trials", 2, "--engine", "random", "--metric", "macro_f1")
    called = cli("tune", table, "--out", "found", *options)
    assert called.code == 0, called.err
    assert folder_bytes(tmp_path / "found" / "model") <= 9000
    record = record_of(tmp_path / "found")
    assert record["metric"] == "macro_f1" and record["test"]["tuned"] == record["test"]["macro_f1"]
    assert f"\nmacro_f1 {record['test']['macro_f1']:.3f}; the defaults" in called.out
    called = cli("tune", table, "--out", "other", "--model-size", "50", "--trials", 1)
    assert called.code == 2 and "no model of 1 fits into 50 bytes" in called.err
    assert not (tmp_path / "other" / "model").exists()


def test_the_test_score_is_by_the_metric_of_the_search(cli, table, tmp_path):
    texts = ("a lovely fine film", "a fine film", "lovely film", "a lovely film")
    rows = zip(("pos", "pos", "pos", "neg"), texts, strict=True)
    (tmp_path / "test.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in rows))
    options = ("--test", "test.tsv", "--trials", 1, "--engine", "random", "--metric", "macro_f1")
    called = cli("tune", table, "--out", "found", *options)
    assert called.code == 0, called.err
    test = record_of(tmp_path / "found")["test"]
    assert test["accuracy"] == 0.75  # all are told pos: F1 of pos 6/7, of neg 0
    assert test["tuned"] == test["given"] == pytest.approx(3 / 7)


def test_columns_are_named_and_documents_stay_whole(cli, table, tmp_path):
    rows = [line.split("\t") for line in table.read_text().splitlines()]
    lines = ["kind,words,from", *(f"{label},{text},d{k // 5}" for k, (label, text) in enumerate(rows))]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    columns = ("--text-column", "words", "--label-column", "kind", "--document-column", "from")
    assert cli("tune", "t.csv", "--out", "found", "--trials", 1, "--test-share", 0.18, *columns).code == 0
    assert record_of(tmp_path / "found")["test"]["rows"] == 20  # 18 asked for, in documents of five


def test_a_tagger(cli, tmp_path):
    text = "".join(f"Anna\tB-PER\nlikes\tO\nRome\tB-LOC\nn{n}\tO\n\nit\tO\nrains\tO\nm{n}\tO\n\n" for n in range(20))
    (tmp_path / "names.conll").write_text(text)
    called = cli("tune", "names.conll", "--kind", "tagging", "--out", "found", "--trials", 2, "--engine", "random")
    assert called.code == 0, called.err
    assert record_of(tmp_path / "found")["metric"] == "f1"
    assert cli("predict", "found", stdin=b"Anna likes Rome").out.split() == [
        "Anna",
        "B-PER",
        "likes",
        "O",
        "Rome",
        "B-LOC",
    ]
    called = cli("evaluate", "found", "--data", "names.conll", "--json", "judged.json")
    assert called.code == 0 and json.loads((tmp_path / "judged.json").read_text())["span_f1"] == 1.0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--auxiliary", "film.tsv"), "--auxiliary takes NAME=FILE, 'film.tsv' found"),
        (("--seconds", "0"), "seconds must be a finite number above 0"),
        (("--json", "-"), "cannot write to -: give the path of a file, as /dev/stdout"),
        (("--json", "none/own.json"), "there is no folder none"),
        (("--kind", "tagging", "--document-column", "2"), "--document-column is for classification"),
        (("--label-column", "stars"), "--label-column='stars'"),
        (("--unlabelled", "none.txt"), "none.txt"),
        (("--test", "reviews.tsv", "--test-share", "0.2"), "--test-share a share of the data: give one of them"),
        (("--test", "reviews.tsv"), "none is left to train on"),
    ],
)
def test_what_is_wrong_is_one_message(cli, table, options, says):
    called = cli("tune", table, "--out", "found", *options)
    assert called.code == 2 and says in called.err
    assert "Traceback" not in called.err


@pytest.mark.parametrize("folder", ["found", "a/b"])
def test_what_comes_to_nothing_leaves_no_folder(cli, tmp_path, folder):
    called = cli("tune", "none.tsv", "--out", folder)
    assert called.code == 2 and "none.tsv" in called.err
    (tmp_path / "one.tsv").write_text("pos\ta\npos\tb\n" * 5)
    called = cli("tune", "one.tsv", "--out", folder)
    assert called.code == 2 and "10 examples and one label, 'pos'" in called.err
    assert [each.name for each in tmp_path.iterdir()] == ["one.tsv"]


def test_a_folder_with_something_in_it_is_left_alone(cli, table, tmp_path):
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "letter").write_text("dear")
    called = cli("tune", table, "--out", "found", "--trials", 1)
    assert called.code == 2 and "exists and is not empty: give another --out" in called.err


def test_ctrl_c_saves_the_best_so_far(table, tmp_path):
    command = [
        sys.executable,
        "-m",
        "mt2st",
        "tune",
        str(table),
        "--out",
        "found",
        "--trials",
        "4",
        "--engine",
        "random",
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    trials = tmp_path / "found" / "trials.jsonl"
    while not trials.exists() and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    record = record_of(tmp_path / "found")
    assert mt2st.load(tmp_path / "found").predict(["a lovely fine film"]).tolist() == ["pos"]
    if record["stopped"] == "interrupted":  # else it was faster than the signal
        assert process.returncode == 130 and "is saved" in errors and not record["reproducible"]


def test_rows_without_a_label_are_text_and_validation_rows_are_not_trained_on(cli, reviews, tmp_path):
    rows = [{"text": text, "label": label} for label, text in reviews(80, 1)]
    bare = [{"text": f"{text} bare", "label": None} for _, text in reviews(20, 2)]
    write = lambda name, found: (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in found))  # noqa: E731
    write("all.jsonl", rows + bare)
    write("judge.jsonl", rows[:30] + bare)
    options = ("--trials", 1, "--engine", "random", "--test-share", 0, "--validation", "judge.jsonl", "-q")
    called = cli("tune", "all.jsonl", "--out", "T", *options)
    assert called.code == 0, called.err
    assert "warning: all.jsonl: rows left out: 30 in the validation file too\n" in called.err
    assert "warning: judge.jsonl: rows left out: 20 without a label\n" in called.err
    found = mt2st.load(tmp_path / "T/model")
    assert found.predict(["fine bare"]).tolist() == ["pos"]
