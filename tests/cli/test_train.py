"""``mt2st train``: data in any format, what it prints, what it leaves, and going on."""

import csv
import gzip
import io
import json
import lzma
import re

import numpy as np
import pytest

from mt2st.training.job import make_job
from mt2st.training.metrics import read_metrics
from mt2st.training.settings import load_settings

STEPS = ("--set", "training.steps=6", "--set", "training.interval=3")
LINE = re.compile(
    r"step \d+/6  (multi-task|single-task)  development [01]\.\d{3}  reviews \d\.\d{3} x1\.00  "
    r"language (\d+\.\d{3}|-) x[01]\.00  [\d.]+[kM]? words/s, [\d.]+[kM]? examples/s, \d+\.\d s left"
)


def table(rows, delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows([("label", "text"), *rows])
    return file.getvalue()


FORMATS = {
    "reviews.tsv": lambda rows: table(rows, "\t"),
    "reviews.csv": lambda rows: table(rows, ","),
    "reviews.jsonl": lambda rows: "".join(json.dumps({"text": t, "label": k}) + "\n" for k, t in rows),
    "reviews.txt": lambda rows: "".join(f"__label__{label} {text}\n" for label, text in rows),
    "reviews.conllu": lambda rows: "".join(
        f"# label = {label}\n# text = {text}\n"
        + "".join(f"{n}\t{word}{chr(9) + '_':s}{(chr(9) + '_') * 7}\n" for n, word in enumerate(text.split(), 1))
        + "\n"
        for label, text in rows
    ),
}
PACKERS = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}


@pytest.fixture
def models(cli, tmp_path, reviews):
    def train(name, packed, write):
        path = tmp_path / (name + packed)
        path.write_bytes(PACKERS[packed](write(reviews(60, 1)).encode()))
        extra = ("--set", "primary.label_column=label") if ".conllu" in name else ()
        called = cli(
            "train",
            "--data",
            path,
            *STEPS,
            *extra,
            "--out",
            f"{path.name}.run",
            "--quiet",
            "--set",
            "primary.name=mine",
        )
        assert called == (0, "", ""), called
        return (tmp_path / f"{path.name}.run/model/model.safetensors").read_bytes()

    return train


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_give_the_same_model_in_every_format(models, name):
    assert models(name, "", FORMATS[name]) == models("as.tsv", "", FORMATS["reviews.tsv"])


@pytest.mark.parametrize("packed", [".gz", ".xz"])
def test_compressed_or_not(models, packed):
    assert models("reviews.csv", packed, FORMATS["reviews.csv"]) == models("reviews.csv", "", FORMATS["reviews.csv"])


def test_a_byte_order_mark_and_crlf_read_as_if_clean(models):
    def windows(rows):
        return "\ufeff" + table(rows, "\t").replace("\n", "\r\n")

    assert models("windows.tsv", "", windows) == models("reviews.tsv", "", FORMATS["reviews.tsv"])


@pytest.fixture
def data(tmp_path, reviews):
    path = tmp_path / "reviews.tsv"
    path.write_text("".join(f"{label}\t{text}\n" for label, text in reviews(100, 1)))
    return path


def test_plain_lines_tables_and_paths(cli, data):
    called = cli("train", "--data", data, *STEPS, "--set", "strategy.at=0.5", "--out", "run")
    assert called.code == 0, called.err
    lines = called.err.splitlines()
    assert lines[0] == "reading data ..."
    steps = [line for line in lines if line.startswith("step ") and "/6" in line]
    assert len(steps) == 2
    assert all(LINE.fullmatch(line) for line in steps), steps
    assert "  multi-task  " in steps[0] and "language -" not in steps[0]
    assert "  single-task  " in steps[1] and "language - x0.00" in steps[1]
    assert "step 3: the phase 'single-task' begins, learning rates start over" in lines
    result = json.loads((data.parent / "run/result.json").read_text())
    assert f"accuracy {result['test']['accuracy']:.3f} on 20 examples" in called.out
    for name in ("macro", "weighted"):
        values = [f"{result['test'][f'{name}_{measure}']:.3f}" for measure in ("precision", "recall", "f1")]
        assert re.search(rf"{name} +│ +{' │ +'.join(values)} │", called.out)
    assert re.search(r"language +│ +\d+\.\d+ │ +3 │ +3 │ +30 │ +30 │ +50% │", called.out), called.out
    for path in ("run/model", "run/report.html", "run"):
        assert (data.parent / path).exists()
        assert re.search(rf"  {path}$", called.out, re.M)


def test_quiet_prints_nothing(cli, data):
    assert cli("train", "--data", data, *STEPS, "--quiet") == (0, "", "")
    assert (data.parent / "runs/reviews-switch-001/model/model.safetensors").is_file()


def test_a_run_directory_is_complete(cli, data, tmp_path):
    cli("train", "--data", data, *STEPS, "--out", "run", "--quiet")
    found = {str(path.relative_to(tmp_path / "run")) for path in (tmp_path / "run").rglob("*") if path.is_file()}
    assert found == {
        "config.toml",
        "metrics.jsonl",
        "result.json",
        "mistakes.json",
        "report.html",
        "vectors.safetensors",
        "model/model.safetensors",
        "model/model.json",
        "model/vocabulary.json",
        "model/README.md",
        *(
            f"checkpoint/step-{step:09d}/{name}"
            for step in (0, 6)
            for name in ("arrays.safetensors", "state.json", "manifest.json")
        ),
    }


def test_the_vectors_of_a_run_answer_for_their_neighbours(cli, data):
    language = 'auxiliary.language={kind = "cbow", subwords = true, bucket = 300}'
    called = cli("train", "--data", data, *STEPS, "--set", language, "--out", "run", "-q")
    assert called.code == 0, called.err
    called = cli("neighbours", "run/vectors.safetensors", "lovely", "--top", 3)
    assert called.code == 0, called.err
    assert any(word in called.out for word in ("fine", "great", "warm", "splendid", "film", "the"))


def test_flags_and_sets_end_in_the_stored_settings(cli, data, tmp_path):
    flags = ("--strategy", "diminish", "--labels", 20, "--seed", 9, "--on-bad-rows", "skip")
    called = cli("train", "--data", data, *STEPS, *flags, "--set", "training.seed=11", "--out", "run", "-q")
    assert called.code == 0, called.err
    stored = load_settings(tmp_path / "run/config.toml")
    assert stored["strategy"]["name"] == "diminish"
    assert (stored["primary"]["labels"], stored["training"]["on_bad_rows"]) == (20, "skip")
    assert stored["training"]["seed"] == 11, "--set has the last word"
    assert json.loads((tmp_path / "run/result.json").read_text())["data"]["training"] == 20


def test_a_config_file_and_data_instead_of_its_own(cli, config, data, tmp_path):
    path = config({"primary.data": "/nowhere.tsv"})
    assert cli("train", path, "--data", data, "--out", "run", "-q").code == 0
    assert load_settings(tmp_path / "run/config.toml")["primary"]["data"] == str(data)


def test_baselines_are_trained_and_shown(cli, config, tmp_path):
    called = cli("train", config({"training.baselines": True}), "--out", "run")
    assert called.code == 0
    baselines = json.loads((tmp_path / "run/result.json").read_text())["baselines"]
    assert set(baselines) == {"single", "constant"}
    for name, scores in baselines.items():
        assert re.search(rf"{name} +│ +{scores['test']:.3f} │", called.out)


def test_a_folder_in_use_is_refused(cli, data, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/notes.md").write_text("mine")
    called = cli("train", "--data", data, "--out", "run")
    assert called.code == 2
    assert called.err == "mt2st: run exists and is not empty: continue it with --resume, or give another --out\n"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["notes.md"]


def test_primary_and_data_exclude_each_other(cli, data, config):
    assert "give one of them" in cli("train", "--data", data, "--primary", "film").err
    assert "--primary chooses the default job" in cli("train", config(), "--primary", "film").err


def test_unknown_keys_and_files_are_told(cli, tmp_path):
    called = cli("train", "--set", "training.sede=3")
    assert called == (2, "", "mt2st: settings: unknown key training.sede; did you mean 'seed'?\n")
    (tmp_path / "a.toml").write_text("[model]\nvector_size = = 3\n")
    called = cli("train", "a.toml")
    assert called.code == 2
    assert called.err.startswith("mt2st: a.toml: not TOML: ") and "line 2, column 15" in called.err


@pytest.mark.parametrize("content", ["", "[primary]\nname = 'r'\n", "[training]\nsteps = 3\n"])
def test_settings_without_data_are_no_demonstration(cli, data, tmp_path, content):
    (tmp_path / "a.toml").write_text(content)
    called = cli("train", "a.toml", "--out", "run")
    remedy = "set a file or a named set there, or give --data"
    assert called == (2, "", f"mt2st: a.toml: primary.data is missing: {remedy}\n")
    assert cli("train", "a.toml", "--data", data, *STEPS, "--out", "run", "-q").code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[primry]\ndata = 'r.tsv'\n", "unknown key primry; did you mean 'primary'?"),
        ("[primary]\ndate = 'r.tsv'\n", "unknown key primary.date; did you mean 'data'?"),
        ("[auxiliary]\nkind = 'skipgram'\n", "auxiliary.kind: must be a section, [auxiliary.NAME], found 'skipgram'"),
        ("[[auxiliary.film]]\n", "auxiliary.film: must be a section, [auxiliary.NAME], found [{}]"),
        ("auxiliary = []\n", "auxiliary: must be a section, [auxiliary.NAME], found []"),
        ("training = 3\n", "training: must be a section, [training], found 3"),
    ],
)
def test_a_misspelt_or_misplaced_section_is_told_before_what_is_missing(cli, tmp_path, content, message):
    (tmp_path / "a.toml").write_text(content)
    assert cli("train", "a.toml") == (2, "", f"mt2st: a.toml: {message}\n")


def test_a_rule_about_sections_is_told_with_one_prefix(cli, tmp_path):
    called = cli("train", "--set", "primary.kind=tagging")
    assert called.err.startswith("mt2st: settings: primary: tagging reads words in their order")
    (tmp_path / "w.toml").write_text("[primary]\ndata = 'a.tsv'\n[freeze]\nlayers = 1\n")
    assert cli("train", "w.toml").err.startswith("mt2st: w.toml: freeze.layers must be 0")


def test_more_labels_than_there_are_is_said(cli, data):
    called = cli("train", "--data", data, *STEPS, "--labels", 100_000, "--out", "run", "-q")
    assert called == (0, "", "warning: primary.labels is 100,000: only 60 are there, and all are used\n")


def test_a_primary_loss_that_is_not_finite_exits_3(cli, data):
    rates = ("--set", "primary.head_rate=1e30", "--set", "primary.table_rate=1e30")
    called = cli("train", "--data", data, *STEPS, *rates, "-q")
    assert (called.code, called.out) == (3, "")
    assert called.err.startswith("mt2st: the loss of the primary 'reviews' is not finite at step ")
    assert "Traceback" not in called.err


def test_an_auxiliary_loss_that_is_not_finite_is_warned_of(cli, config, tmp_path, monkeypatch):
    def spoiled(corpus, settings):
        job = make_job(corpus, settings)
        job.tasks["film"].head[...] = np.nan
        return job

    monkeypatch.setattr("mt2st.training.run.make_job", spoiled)
    called = cli("train", config(), "--out", "run", "-q")
    assert called.code == 0, called.err
    bad = json.loads((tmp_path / "run/result.json").read_text())["work"]["film"]["not_finite"]
    assert bad > 0
    assert called.err == f"warning: film: left out as not finite: {bad} losses\n"


def without_seconds(path):
    return [{key: value for key, value in r.items() if key != "seconds"} for r in read_metrics(path)]


def test_max_seconds_stops_with_a_model_and_resume_goes_on_to_the_same_end(cli, config, tmp_path):
    path = config({"training.steps": 2000, "training.interval": 100, "primary.passes": 150.0})
    called = cli("train", path, "--max-seconds", 0.05, "--out", "run")
    assert called.code == 0, called.err
    result = json.loads((tmp_path / "run/result.json").read_text())
    assert result["steps"] < 2000
    assert f"out of time at step {result['steps']} of 2000: resume with --resume" in called.out
    assert (tmp_path / "run/model/model.safetensors").is_file()
    assert (tmp_path / "run/report.html").is_file()
    assert cli("train", "--resume", "--out", "run", "-q") == (0, "", "")
    assert cli("train", path, "--out", "whole", "-q").code == 0
    run, whole = tmp_path / "run", tmp_path / "whole"
    name = "model/model.safetensors"
    assert (run / name).read_bytes() == (whole / name).read_bytes()
    assert without_seconds(run / "metrics.jsonl") == without_seconds(whole / "metrics.jsonl")


def test_no_time_at_all_is_no_crash_and_is_not_kept_for_later(cli, config, tmp_path):
    called = cli("train", config(), "--max-seconds", 0, "--out", "run")
    assert called.code == 0, called.err
    assert "out of time at step 0 of 12" in called.out
    assert "max_seconds" not in load_settings(tmp_path / "run/config.toml")["training"]
    assert cli("train", "--resume", "--out", "run", "-q") == (0, "", "")
    assert json.loads((tmp_path / "run/result.json").read_text())["steps"] == 12


def test_no_time_at_all_can_be_a_setting(cli, config):
    called = cli("train", config({"training.max_seconds": 0}), "--out", "run")
    assert "out of time at step 0 of 12" in called.out, called.err
    assert cli("train", "--resume", "--out", "run", "-q") == (0, "", "")


def test_resume_takes_the_newest_run_and_refuses_other_settings(cli, config, tmp_path):
    path = config()
    assert cli("train", path, "-q").code == 0
    before = (tmp_path / "runs/reviews-switch-001/model/model.safetensors").read_bytes()
    assert cli("train", "--resume", "-q") == (0, "", ""), "a finished run is just finished again"
    assert cli("train", path, "--resume", "-q").code == 0, "the same settings are no others"
    assert (tmp_path / "runs/reviews-switch-001/model/model.safetensors").read_bytes() == before
    called = cli("train", path, "--resume", "--seed", 5, "-q")
    assert called.code == 2
    differs = "the settings of runs/reviews-switch-001 are others (training.seed 1, here 5): a run resumes with its own"
    assert differs in called.err


def test_on_resume_only_what_is_given_is_compared(cli, config, data):
    cli("train", config({"training.seed": 3}), "--data", data, "--out", "run", "-q")
    same = ("--seed", 3, "--strategy", "switch", "--labels", 24, "--data", data, "--set", "training.interval=4")
    assert cli("train", "--resume", *same, "--out", "run", "-q") == (0, "", "")
    others = {
        ("--seed", 4): "training.seed 3, here 4",
        ("--data", "b.tsv"): f"primary.data {str(data)!r}, here 'b.tsv'",
        ("--set", "auxiliary.language.passes=3"): "auxiliary.language.passes 1.0, here 3.0",
    }
    for flags, differs in others.items():
        called = cli("train", "--resume", *flags, "--out", "run", "-q")
        assert called.code == 2
        assert f"the settings of run are others ({differs}): a run resumes with its own" in called.err
    assert " more): a run resumes" in cli("train", "--resume", "--primary", "film", "--out", "run").err


def test_resume_without_a_run_is_an_error(cli):
    called = cli("train", "--resume")
    assert (called.code, called.out) == (2, "")
    assert "there is no run under runs/ to resume" in called.err


def test_damaged_checkpoints_are_an_error(cli, config, tmp_path):
    cli("train", config(), "--out", "run", "-q")
    for path in (tmp_path / "run/checkpoint").glob("*/state.json"):
        path.write_text("{}")
    called = cli("train", "--resume", "--out", "run", "-q")
    assert called.code == 2
    assert called.err.startswith("mt2st: no checkpoint is intact")


def test_changed_data_is_told_as_such_even_where_it_cannot_be_read(cli, config, tmp_path):
    cli("train", config(), "--out", "run", "-q")
    (tmp_path / "reviews.tsv").write_text("pos\tgood\0\n")
    called = cli("train", "--resume", "--out", "run", "-q")
    assert called.code == 2 and "reviews.tsv: changed since the run began: put it back" in called.err


def test_an_interrupt_outside_training_exits_130(cli, config, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("mt2st.training.corpus.load_corpus", interrupted)
    called = cli("train", config(), "-q")
    assert called.code == 130
    assert "Traceback" not in called.err


@pytest.mark.parametrize("moment", [{"at": 1.0, "time": "fraction"}, {"at": 12, "time": "steps"}])
def test_a_primary_that_was_never_trained_is_warned_of(cli, config, moment):
    own = {f"strategy.{key}": value for key, value in moment.items()}
    called = cli("train", config({"strategy.name": "pretrain", **own}), "--out", "run", "-q")
    assert called.code == 0
    assert "warning: reviews was never trained: let pretrain end before the run does (strategy.at)\n" in called.err


def test_texts_without_a_known_word_train_with_a_warning(cli, tmp_path):
    (tmp_path / "q.tsv").write_text("".join(f"{('pos', 'neg')[n % 2]}\tuniq{n}\n" for n in range(40)))
    called = cli("train", "--data", "q.tsv", "--set", "training.steps=3", "--out", "run", "-q")
    assert (called.code, called.out) == (0, "")
    model, language = called.err.splitlines()[:2]
    assert model.startswith("warning: no word occurs model.min_count times, so the model knows none: lower it")
    assert language.startswith("warning: language: rows left out: 24 without a word that occurs model.min_count times")
