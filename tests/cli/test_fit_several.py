"""``mt2st fit``, ``tune``, ``evaluate`` and ``predict`` where labels may hold at once: the words of ``mt2st train``."""

import json
import random

import numpy as np
import pandas as pd
import pytest

import mt2st

WORDS = {"sport": ["match", "goal", "team"], "news": ["vote", "law", "press"], "art": ["film", "song", "paint"]}
COLUMNS = ("--kind", "multilabel", "--label-columns", "sport,news,art")
LISTED = ("--kind", "multilabel")
ALL = ("--test-share", 0)
FILES = "model.safetensors", "vocabulary.json.gz"


@pytest.fixture
def rows():
    """Return labels and a text of them, 90 times, no text twice."""
    draw, found = random.Random(1), []
    for number in range(90):
        own = [label for label in WORDS if draw.random() < 0.4]
        words = [draw.choice(WORDS[label]) for label in own for _ in range(2)] + ["the", "a", f"x{number}"]
        found.append((own, " ".join(draw.sample(words, len(words)))))
    return found


def write_lists(path, rows, separator=", "):
    path.write_text("".join(f"{separator.join(labels) or '-'}\t{text}\n" for labels, text in rows))
    return path.name


def write_columns(path, table, texts):
    table.assign(text=texts).to_csv(path, index=False)
    return path.name


def table_of(rows):
    return pd.DataFrame({label: [int(label in labels) for labels, _ in rows] for label in WORDS})


def record_of(folder):
    return json.loads((folder / "fit.json").read_text())


def same_model(one, other):
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in FILES)


def test_lists_are_what_the_classifier_makes_of_lists(cli, rows, tmp_path):
    data, test = write_lists(tmp_path / "t.tsv", rows[:60]), write_lists(tmp_path / "test.tsv", rows[60:])
    called = cli("fit", data, *LISTED, "--test", test, "--out", "found")
    assert called.code == 0 and "cross-validated share of labels told right" in called.out, called.err
    labels, texts = zip(*rows, strict=True)
    classifier = mt2st.TextClassifier().fit(texts[:60], labels[:60])
    classifier.save(tmp_path / "other")
    assert same_model(tmp_path / "found" / "model", tmp_path / "other")
    record = record_of(tmp_path / "found")
    judged = classifier.evaluate(texts[60:], labels[60:]).as_dict()
    assert record["test"] == {"rows": 30, **json.loads(json.dumps(judged))}
    assert (record["kind"], record["labels"]) == ("multilabel", ["art", "news", "sport"])
    for told in ("fitted to 60 texts with 3 labels", "micro", "macro", "on 30 examples: all labels right"):
        assert told in " ".join(called.out.split())
    page = (tmp_path / "found" / "report.html").read_text()
    assert "judged on 30 texts" in page and "all labels of a text, 95% interval" in page


def test_columns_are_what_the_classifier_makes_of_a_table_unknown_labels_too(cli, rows, tmp_path):
    table, texts = table_of(rows).astype(float), [text for _, text in rows]
    table.iloc[::7, 1] = np.nan
    table.iloc[5] = np.nan
    assert cli("fit", write_columns(tmp_path / "t.csv", table, texts), *COLUMNS, *ALL, "--out", "a").code == 0
    known = table.notna().any(axis=1)
    own = [text for text, there in zip(texts, known, strict=True) if there]
    mt2st.TextClassifier().fit(own, table[known], unlabelled=[texts[5]]).save(tmp_path / "other")
    assert same_model(tmp_path / "a" / "model", tmp_path / "other")
    record = record_of(tmp_path / "a")
    assert (record["labels"], record["rows"], record["unlabelled"]) == (["sport", "news", "art"], 89, 1)


def test_auxiliaries_are_of_the_same_kind_or_of_the_one_they_are_said_to_be(cli, rows, reviews, tmp_path):
    labels, texts = zip(*rows, strict=True)
    film = reviews(60, 3)
    data = write_lists(tmp_path / "t.tsv", rows[:60])
    (tmp_path / "film.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in film))
    write_lists(tmp_path / "more.tsv", [*rows[60:], (["_"], "never labelled")], separator="|")
    given = ("film=film.tsv", "film.kind=classification", "more=more.tsv", "more.label_separator=|")
    options = [part for own in given for part in ("--auxiliary", own)]
    called = cli("fit", data, *LISTED, *options, *ALL, "--out", "a")
    assert called.code == 0, called.err
    helped = {
        "film": ([text for _, text in film], [label for label, _ in film]),
        "more": (texts[60:], labels[60:]),
    }
    mt2st.TextClassifier().fit(texts[:60], labels[:60], auxiliary=helped).save(tmp_path / "other")
    assert same_model(tmp_path / "a" / "model", tmp_path / "other")
    assert "warning: more.tsv: rows left out: 1 without a label" in called.err
    lists = ("--auxiliary", "more=t.tsv", "--auxiliary", "more.kind=multilabel")
    assert cli("fit", "film.tsv", *lists, *ALL, "--out", "b", "--quiet").code == 0
    own = [text for _, text in film], [label for label, _ in film]
    mt2st.TextClassifier().fit(*own, auxiliary={"more": (texts[:60], labels[:60])}).save(tmp_path / "third")
    assert same_model(tmp_path / "b" / "model", tmp_path / "third")


def test_what_predict_writes_is_read_back(cli, rows, tmp_path):
    odd = [[{"art": "fine, arts"}.get(label, label) for label in labels] for labels, _ in rows]
    (tmp_path / "t.jsonl").write_text(
        "".join(json.dumps({"labels": own, "text": text}) + "\n" for own, (_, text) in zip(odd, rows, strict=True))
    )
    assert cli("fit", "t.jsonl", *LISTED, *ALL, "--set", "C=100", "--out", "found").code == 0
    told = cli("predict", "found", stdin="".join(f"{text}\n" for _, text in rows).encode()).out.splitlines()
    assert {"-", '["fine, arts", "news"]', "sport"} <= set(told)
    write_lists(tmp_path / "told.tsv", [([line], text) for line, (_, text) in zip(told, rows, strict=True)])
    assert cli("evaluate", "found", "told.tsv", "--json", "found.json").code == 0
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == 1.0
    write_lists(tmp_path / "none.tsv", [([], "the a")])
    assert cli("evaluate", "found", "none.tsv").code == 0


def test_evaluate_reads_columns_in_any_order_and_judges_by_what_is_known(cli, rows, tmp_path):
    table, texts = table_of(rows).astype(float), [text for _, text in rows]
    data = write_columns(tmp_path / "t.csv", table, texts)
    assert cli("fit", data, *COLUMNS, "--test-share", 0.5, "--out", "found").code == 0
    classifier = mt2st.load(tmp_path / "found")
    table.iloc[::3, 0] = np.nan
    write_columns(tmp_path / "new.csv", table.assign(text=texts, other=0).drop(columns="news"), texts)
    called = cli("evaluate", "found", "new.csv", "--label-columns", "art,sport,other", "--json", "found.json")
    assert called.code == 0, called.err
    found = json.loads((tmp_path / "found.json").read_text())
    expected = classifier.evaluate(texts, table.assign(news=np.nan)).as_dict()
    assert found["labels"] == ["sport", "news", "art", "other"] and found["known"] == [60, 0, 90, 90]
    assert found["right"][:3] == expected["right"] and found["micro_f1"] == expected["micro_f1"]
    assert cli("evaluate", "found", "new.csv", "--label-columns", "other").code == 2


def test_a_small_model_and_a_tuned_one(cli, rows, tmp_path):
    data = write_lists(tmp_path / "t.tsv", rows)
    assert cli("fit", data, *LISTED, "--quantize", "--out", "small").code == 0
    small = record_of(tmp_path / "small")
    assert small["quantized"] and small["test"]["rows"] == 18 and "micro_f1" in small["test"]
    how = ("--trials", 2, "--metric", "macro_f1", "--engine", "random", "--validation", data, "--out", "tuned")
    write_lists(tmp_path / "own.tsv", [(labels, f"{text} y") for labels, text in rows])
    assert cli("tune", "own.tsv", *LISTED, *how).code == 0
    record = json.loads((tmp_path / "tuned" / "tuning.json").read_text())
    assert record["metric"] == "macro_f1" and record["test"]["tuned"] == record["test"]["macro_f1"] > 0.5
    labels, texts = zip(*rows, strict=True)
    tuned = mt2st.load(tmp_path / "tuned")
    assert tuned.several_ and tuned.score(texts, labels) > 0.9


def test_a_label_of_the_test_part_alone_is_told_wrong(cli, rows, tmp_path):
    data = write_lists(tmp_path / "t.tsv", rows[:60])
    test = write_lists(tmp_path / "test.tsv", [*rows[60:], (["sport", "rare"], "match goal")])
    assert cli("fit", data, *LISTED, "--test", test, "--out", "found").code == 0
    found = record_of(tmp_path / "found")
    assert found["labels"] == ["art", "news", "sport"]
    assert found["test"]["labels"][3:] == ["rare"] and found["test"]["right"][3:] == [0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--label-columns", "sport"), "--label-columns is for multilabel and regression, not for classification"),
        ((*COLUMNS, "--label-column", "1"), "--label-column and --label-columns cannot both be set: leave one out"),
        (
            (*LISTED, "--label-columns", "sport,,art"),
            "--label-columns: an empty label in 'sport,,art': remove the surplus",
        ),
        ((*LISTED, "--label-columns", "sport,rude"), "t.csv: 'rude' is not known of any text: leave its column out"),
        ((*LISTED, "--label-columns", "sport", "--text-column", "sport"), "two of label, text, document are the same"),
        ((*LISTED, "--format", "lines"), "a table or JSON lines are needed, lines found: pass --format"),
        (
            (*LISTED, "--label-column", "art", "--test", "other.csv"),
            "other.csv: the model knows none of the labels ('7')",
        ),
        (
            (*COLUMNS, "--auxiliary", "a=x", "--auxiliary", "a.kind=tagging"),
            "--auxiliary a.kind must be classification or",
        ),
        (
            (*COLUMNS, "--auxiliary", "a=x", "--auxiliary", "a.kind=labels"),
            "--auxiliary a.kind: no kind 'labels'; did you",
        ),
        (
            (*COLUMNS, "--auxiliary", "a=x", "--auxiliary", "a.sort=1"),
            "--auxiliary a.sort=1: no such setting; did you mean 'format'?",
        ),
        (
            (*COLUMNS, "--auxiliary", "a=other.tsv", "--auxiliary", "a.label_column=9"),
            "other.tsv:1:1: 2 columns and no header: pass --auxiliary a.text_column by number",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_option(cli, tmp_path, options, says):
    rows = ["sport,news,art,rude,text", "1,0,0,,match", "0,1,0,_,vote", "0,0,1,,film"]
    (tmp_path / "t.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "other.csv").write_text("art,text\n7,a good one\n")
    (tmp_path / "other.tsv").write_text("pos\ta good one\nneg\ta bad one\n")
    called = cli("fit", "t.csv", *options, *(() if "--test" in options else ALL), "--out", "found")
    assert called.code == 2 and says in called.err and "Traceback" not in called.err
    assert not (tmp_path / "found").exists()


def test_a_model_of_single_labels_has_no_columns_of_labels(cli, reviews, tmp_path):
    (tmp_path / "t.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in reviews(40, 1)))
    assert cli("fit", "t.tsv", "--out", "found").code == 0
    called = cli("evaluate", "found", "t.tsv", "--label-columns", "pos,neg")
    assert called.code == 2 and "--label-columns is for multilabel and regression, not for classification" in called.err
