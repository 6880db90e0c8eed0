"""``mt2st fit``: one labelled file in, a model, its record and a page of mistakes out."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

import mt2st
from mt2st.cli import progress
from mt2st.estimators.tuning.sizes import folder_bytes
from mt2st.text.tagged import read_tagged

COLUMNS = ("--text-column", "words", "--label-column", "kind", "--document-column", "from")


@pytest.fixture
def rows(reviews):
    return reviews(100, 1)


@pytest.fixture
def table(tmp_path, rows):
    return write(tmp_path / "reviews.tsv", rows)


@pytest.fixture
def names(tmp_path):
    text = "".join(f"Anna\tB-PER\nlikes\tO\nRome\tB-LOC\nn{n}\tO\n\nit\tO\nrains\tO\nm{n}\tO\n\n" for n in range(20))
    (tmp_path / "names.conll").write_text(text)
    return "names.conll"


def write(path, rows):
    path.write_text("".join(f"{label}\t{text}\n" for label, text in rows))
    return path


def record_of(folder):
    return json.loads((folder / "fit.json").read_text())


def fitted(rows, **others):
    labels, texts = zip(*rows, strict=True)
    return mt2st.TextClassifier().fit(list(texts), list(labels), **others)


def test_it_is_the_estimator_bit_for_bit(cli, table, rows, reviews, tmp_path):
    test, film = reviews(30, 2), reviews(60, 3)
    shared = {text for _, text in test}
    own, film = ([row for row in part if row[1] not in shared] for part in (rows, film))
    write(tmp_path / "test.tsv", test), write(tmp_path / "film.tsv", film)
    (tmp_path / "more.txt").write_text("a lovely thing\nan awful thing\n")
    options = ("--unlabelled", "more.txt", "--auxiliary", "film=film.tsv", "--test", "test.tsv")
    called = cli("fit", table, "--out", "found", *options)
    assert called.code == 0, called.err
    helped = {"film": ([text for _, text in film], [label for label, _ in film])}
    classifier = fitted(own, unlabelled=["a lovely thing", "an awful thing"], auxiliary=helped)
    classifier.save(tmp_path / "other")
    for name in ("model.safetensors", "vocabulary.json.gz"):
        assert (tmp_path / "found" / "model" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    record = record_of(tmp_path / "found")
    judged = classifier.evaluate([text for _, text in test], [label for label, _ in test]).as_dict()
    assert record["test"] == {"rows": 30, **json.loads(json.dumps(judged))}
    assert (record["rows"], record["unlabelled"], record["auxiliary"]) == (len(own), 2, {"film": len(film)})
    card = (tmp_path / "found" / "model" / "README.md").read_text()
    accuracy, f1 = judged["accuracy"], judged["macro_f1"]
    assert f"\n\nOn 30 texts that it was not trained on: accuracy {accuracy:.3f}, macro F1 {f1:.3f}.\n\n```" in card
    assert f"fitted to {len(own)} texts with 2 labels, helped by {len(film)} texts of film and 2 without" in called.out
    for told in ("switch to this task alone came at", "macro", "expected calibration error", "found/report.html"):
        assert told in called.out


def test_predict_evaluate_and_load_read_it(cli, table, tmp_path):
    assert cli("fit", table, "--out", "found").code == 0
    assert record_of(tmp_path / "found")["test"]["rows"] == 20
    texts = ["a lovely fine film", "dreadful dull box"]
    told = cli("predict", "found", stdin="\n".join(texts).encode())
    assert told.out.split() == ["pos", "neg"] == mt2st.load(tmp_path / "found").predict(texts).tolist()
    assert cli("evaluate", "found", table).code == 0
    assert "judged on 20 texts" in (tmp_path / "found" / "report.html").read_text()


def test_no_test_part_no_page_and_all_rows_are_trained_on(cli, table, tmp_path):
    called = cli("fit", table, "--out", "found", "--test-share", 0, "--json", "own.json")
    assert "\nNot tested: no rows were held out\n" in called.out
    assert called.code == 0 and "Test" not in called.out
    record = json.loads((tmp_path / "own.json").read_text())
    assert record == record_of(tmp_path / "found") and (record["rows"], record["test"]) == (100, None)
    assert not (tmp_path / "found" / "report.html").exists()


def test_parameters_are_set(cli, table, tmp_path):
    sets = ("--set", "ngrams=false", "--set", "C=0.5", "--set", "class_weight=balanced", "--seed", 3)
    assert cli("fit", table, "--out", "found", *sets, "--quiet").code == 0
    record = record_of(tmp_path / "found")
    own = {"ngrams": False, "C": 0.5, "class_weight": "balanced", "random_state": 3}
    assert own.items() <= record["parameters"].items() and record["found"]["C"] == 0.5


def test_the_moment_of_the_switch_is_told(cli, table, reviews, tmp_path):
    write(tmp_path / "film.tsv", reviews(60, 3))
    for share in (0.3, 1.0):
        options = ("--auxiliary", "film=film.tsv", "--set", f"strategy={share}", "--set", "vector_size=8")
        called = cli("fit", table, "--out", f"at {share}", *options)
        assert f"the switch to this task alone came at {share:g} of the run" in called.out
        assert record_of(tmp_path / f"at {share}")["found"]["switch"] == share
    assert cli("fit", table, "--out", "alone").code == 0
    assert record_of(tmp_path / "alone")["found"]["switch"] is None


def test_a_test_file_may_write_numbers_otherwise(cli, rows, tmp_path):
    number = {"neg": "0", "pos": "1"}
    write(tmp_path / "floats.tsv", [(f"{number[label]}.0", text) for label, text in rows[50:]])
    write(tmp_path / "whole.tsv", [(number[label], text) for label, text in rows[:50]])
    write(tmp_path / "alike.tsv", [(f"{number[label]}.0", text) for label, text in rows[:50]])
    for test in ("whole", "alike"):
        assert cli("fit", "floats.tsv", "--out", test, "--test", f"{test}.tsv").code == 0
    assert record_of(tmp_path / "whole")["test"] == record_of(tmp_path / "alike")["test"]


def test_a_small_model_is_judged_as_it_is_saved(cli, table, rows, tmp_path):
    test = write(tmp_path / "test.tsv", rows[:50])
    for out, more in (("whole", ()), ("small", ("--quantize",))):
        assert cli("fit", table, "--out", out, "--test", test, *more, "--quiet").code == 0
    sizes = [folder_bytes(tmp_path / out / "model") for out in ("small", "whole")]
    assert sizes[0] < 0.5 * sizes[1]
    small, whole = (record_of(tmp_path / out)["test"]["calibration"]["log_loss"] for out in ("small", "whole"))
    told = mt2st.load(tmp_path / "small").evaluate([text for _, text in rows[:50]], [label for label, _ in rows[:50]])
    assert small == told.calibration.log_loss != whole


def test_columns_are_named_and_documents_stay_whole(cli, rows, tmp_path):
    lines = ["kind,words,from", *(f"{label},{text},d{k // 5}" for k, (label, text) in enumerate(rows))]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n")
    assert cli("fit", "t.csv", "--out", "found", "--test-share", 0.18, *COLUMNS).code == 0
    assert record_of(tmp_path / "found")["test"]["rows"] == 20  # 18 asked for, in documents of five


def test_a_tagger(cli, names, tmp_path):
    small = ("--set", "vector_size=8", "--set", "hidden_size=8")
    called = cli("fit", names, "--kind", "tagging", "--out", "found", "--seed", 4, *small)
    assert called.code == 0, called.err
    assert "fitted to 32 sentences with 3 tags in" in called.out and "spans in the scheme bio" in called.out
    record = record_of(tmp_path / "found")
    assert (record["test"]["span_f1"], record["test"]["rows"], record["parameters"]["seed"]) == (1.0, 8, 4)
    card = (tmp_path / "found" / "model" / "README.md").read_text()
    assert "On 8 sentences that it was not trained on: span F1 1.000" in card
    assert (tmp_path / "found" / "report.html").exists()
    assert cli("predict", "found", stdin=b"Anna likes").out.split() == ["Anna", "B-PER", "likes", "O"]


def test_a_tagger_is_the_estimator_bit_for_bit_its_own_seed_too(cli, names, tmp_path):
    small = ("--set", "vector_size=8", "--set", "hidden_size=8")
    assert cli("fit", names, "--kind", "tagging", "--out", "found", "--test-share", 0, *small).code == 0
    sentences = read_tagged(tmp_path / names)
    tagger = mt2st.TokenTagger(vector_size=8, hidden_size=8).fit(sentences)
    tagger.save(tmp_path / "other")
    one, other = (tmp_path / folder / "tagger.safetensors" for folder in ("found/model", "other"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--set", "ngram=false"), "--set ngram=false: TextClassifier has no such parameter; did you mean 'ngrams'?"),
        (("--set", "ngrams"), "--set takes NAME=VALUE, 'ngrams' found"),
        (("--set", "passes=-1"), "passes must be"),
        (("--format", "tvs"), "--format: Input should be 'auto', 'tsv', 'csv',"),
        (
            ("--test", "stars.tsv"),
            "the model knows none of the labels ('1', '5'), but 'neg', 'pos': see --label-column",
        ),
        (("--test-share", "0.2", "--test", "stars.tsv"), "--test-share a share of the data: give one of them"),
        (("--label-column", "stars"), "--label-column='stars'"),
        (("--json", "none/own.json"), "there is no folder none"),
        (
            ("--kind", "tagging", "--document-column", "2"),
            "--document-column is for classification and",
        ),
    ],
)
def test_what_is_wrong_is_one_message_and_leaves_no_folder(cli, table, tmp_path, options, says):
    write(tmp_path / "stars.tsv", [("1", "so so"), ("5", "so good")])
    called = cli("fit", table, "--out", "a/found", *options)
    assert called.code == 2 and says in called.err and "Traceback" not in called.err
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--quantize", "--set", "encoder=bilstm"), "quantize=True is for encoder='window'"),
        (("--test", "pos.conll"), "pos.conll:2:1: 'NOUN' is not a tag of a span"),
        (("--test", "geo.conll"), "geo.conll: the model knows none of the labels ('GEO'), but 'LOC', 'PER': see"),
    ],
)
def test_what_cannot_be_saved_or_judged_is_told_before_the_work(cli, names, tmp_path, options, says):
    (tmp_path / "pos.conll").write_text("They\tO\ndogs\tNOUN\n\n")
    (tmp_path / "geo.conll").write_text("In\tO\nOslo\tB-GEO\n\n")
    called = cli("fit", names, "--kind", "tagging", "--out", "found", *options)
    assert called.code == 2 and says in called.err
    assert not (tmp_path / "found").exists()


def test_progress_is_a_line_now_and_then_and_none_where_quiet(cli, names, monkeypatch):
    options = ("fit", names, "--kind", "tagging", "--set", "vector_size=8", "--set", "hidden_size=8")
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    told = cli(*options, "--out", "every").err
    assert all(part in told for part in ("vectors: training", "training: step 200 of 200", "saving", "judging"))
    assert cli(*options, "--out", "none", "--quiet")[1:] == ("", "")
    monkeypatch.setattr(progress, "INTERVAL", 1e6)
    assert cli(*options, "--out", "few").err == ""


def test_a_terminal_has_one_line_that_is_written_anew(names, tmp_path):
    pty = pytest.importorskip("pty")
    # The line is painted ten times a second: training has to take longer.
    (tmp_path / names).write_text((tmp_path / names).read_text() * 40)
    shown, stderr = pty.openpty()
    command = [sys.executable, "-m", "mt2st", "fit", names, "--kind", "tagging", "--out", "found", "--test-share", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=stderr) as process:
        os.close(stderr)
        told = b""
        with contextlib.suppress(OSError):  # which Linux raises at the end
            while part := os.read(shown, 4096):
                told += part
    os.close(shown)
    assert process.returncode == 0 and b"reading" in told and b"training: step" in told
    assert b"\n" not in told.partition(b"training: step")[0]


def test_ctrl_c_ends_it_and_leaves_no_folder(tmp_path, reviews):
    table, out = write(tmp_path / "many.tsv", reviews(2000, 1)), tmp_path / "found"
    command = [sys.executable, "-m", "mt2st", "fit", str(table), "--out", str(out), "--auxiliary", f"film={table}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not out.exists() and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=120) == ("", "")
    assert process.returncode == 130 and not out.exists()


def test_neither_torch_nor_scikit_learn_is_imported(table, tmp_path):
    write(tmp_path / "film.tsv", [("a", "one film"), ("b", "two films")] * 10)
    code = f"""
import sys
from mt2st.cli.app import app
sys.argv = ["mt2st", "fit", {str(table)!r}, "--auxiliary", "film=film.tsv", "--out", "found", "--quantize", "--quiet"]
app(standalone_mode=False)
print([name for name in ("torch", "sklearn", "pandas") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("line", "stray", "options", "says"),
    [
        ("n3\tO", "n3\tVERB", ("--set", "scheme=bio"), "names.conll:31:1: 'VERB' is not a tag of a span"),
        ("Rome\tB-LOC", "Rome\tE-LOC", (), "names.conll:3:1: 'E-LOC' is not a tag of the scheme bio"),
    ],
)
def test_a_stray_tag_is_named_by_its_line_or_left_out(cli, names, tmp_path, line, stray, options, says):
    (tmp_path / names).write_text((tmp_path / names).read_text().replace(line, stray, 1))
    fit = ("fit", names, "--kind", "tagging", "--test-share", 0, "--out", "found", *options)
    called = cli(*fit)
    assert called.code == 2 and says in called.err
    called = cli(*fit, "--on-bad-rows", "skip")
    assert called.code == 0 and "rows left out: 1 bad tag" in called.err
    assert record_of(tmp_path / "found")["rows"] == 39


def test_tuning_names_stray_tags_by_their_line_those_judged_by_too(cli, names, tmp_path):
    (tmp_path / "pos.conll").write_text("They\tO\ndogs\tNOUN\n\n")
    tune = ("tune", names, "--kind", "tagging", "--out", "found", "--trials", 1)
    for options in (("--test", "pos.conll"), ("--validation", "pos.conll")):
        called = cli(*tune, *options)
        assert called.code == 2 and "pos.conll:2:1: 'NOUN' is not a tag of a span" in called.err


def test_labels_that_may_not_be_meant_so_are_told(cli, rows, tmp_path):
    write(
        tmp_path / "case.tsv", [(label.upper() if n % 10 == 0 else label, text) for n, (label, text) in enumerate(rows)]
    )
    called = cli("fit", "case.tsv", "--out", "case", "--set", "vector_size=0")
    assert called.code == 0 and "warning: case.tsv: labels that differ in case alone are different ones" in called.err
    write(tmp_path / "numbers.tsv", [(f"{n / 7}", text) for n, (_, text) in enumerate(rows)])
    called = cli("fit", "numbers.tsv", "--out", "numbers", "--set", "vector_size=0")
    assert "80 different labels of 80 texts: if these are numbers of rows, or ratings, see --label-column" in called.err
    assert "warning: numbers.tsv: 20 labels that the model does not know, so misclassified" in called.err
    assert not cli("fit", write(tmp_path / "good.tsv", rows), "--out", "good", "--set", "vector_size=0").err
