"""``mt2st evaluate`` of models."""

import json

import numpy as np
import pytest

import mt2st
from mt2st.evaluation import evaluate_calibration
from mt2st.models import TextModel


def test_evaluate_by_hand(cli, trained, held, tmp_path):
    called = cli("evaluate", trained, "--data", held, "--json", "found.json")
    assert (called.code, called.err) == (0, "")
    found = json.loads((tmp_path / "found.json").read_text())
    # One negative example is taken for positive: precision 1 and 2/3, recall 1/2 and 1.
    assert (found["examples"], found["accuracy"]) == (4, 0.75)
    assert (found["labels"], found["confusion"]) == (["neg", "pos"], [[1, 1], [0, 2]])
    assert found["macro_precision"] == pytest.approx(5 / 6)
    assert found["macro_recall"] == pytest.approx(0.75)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert "accuracy 0.750 on 4 examples\nalways guessing the most frequent class has accuracy 0.500\n" in called.out
    rows = [line.replace("│", " ").split() for line in called.out.splitlines() if line.startswith("│")]
    assert rows[0] == ["neg", "1.000", "0.500", "0.667", "2"] and rows[1] == ["pos", "0.667", "1.000", "0.800", "2"]
    assert rows[2] == ["macro", "0.833", "0.750", "0.733"]


def test_a_label_that_the_run_does_not_know_is_told_wrong(cli, trained, held):
    rows = held.read_text()
    held.write_text(f"{rows}poss\tfine\npos\twarm\nposs\tso so\n")
    once = "1 label that the model does not know, so misclassified 2 times: 'poss'"
    assert cli("evaluate", trained, held).err == f"warning: {held}: {once}\n"
    held.write_text(f"{rows}poss\tfine\nmixed\tso so\n")
    called = cli("evaluate", trained, held, "--json", "found.json", "--report", "page.html")
    unknown = "2 labels that the model does not know, so misclassified: 'poss', 'mixed'"
    assert (called.code, called.err) == (0, f"warning: {held}: {unknown}\n")
    found = json.loads((held.parent / "found.json").read_text())
    assert (found["accuracy"], found["labels"]) == (3 / 6, ["neg", "pos", "poss", "mixed"])
    assert "poss" in (held.parent / "page.html").read_text()


@pytest.mark.parametrize("model", ["trained", "saved"])
def test_rows_whose_label_is_not_known_are_left_out_and_counted(cli, request, model, tmp_path):
    request.getfixturevalue(model)
    folder = {"trained": "run", "saved": "model"}[model]
    labels = {"trained": "pos", "saved": "1"}[model]
    rows = [{"text": "fine w1", "label": labels}, {"text": "lovely", "label": None}, {"text": "warm", "label": "_"}]
    (tmp_path / "null.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    called = cli("evaluate", folder, "null.jsonl")
    assert called.code == 0 and "on 1 example\n" in called.out, called.err
    assert called.err == "warning: null.jsonl: rows left out: 2 without a label to evaluate on\n"
    (tmp_path / "null.jsonl").write_text(json.dumps(rows[1]) + "\n")
    called = cli("evaluate", folder, "null.jsonl")
    assert called.code == 2 and "1 example and no label to evaluate on" in called.err


def test_columns_and_format_can_be_named(cli, trained, held, tmp_path):
    (tmp_path / "held.data").write_text("kind,words\npos,fine lovely\nneg,great\n")
    options = ("--format", "csv", "--text-column", "words", "--label-column", "kind", "--json", "found.json")
    assert cli("evaluate", trained, "--data", "held.data", *options).code == 0
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == 0.5


def test_a_json_file_in_no_folder_is_told_before_the_work(cli, trained, held):
    called = cli("evaluate", trained, "--data", held, "--json", "none/found.json")
    remedy = "there is no folder none; make it, or give another path"
    assert called == (2, "", f"mt2st: cannot write none/found.json: {remedy}\n")


def test_a_tagger_is_judged_on_tagged_sentences(cli, tagger, tmp_path):
    (tmp_path / "more.conll").write_text("Anna\tB-PER\nlikes\tO\n\nRome\tB-LOC\nrains\tB-LOC\n\n")
    called = cli("evaluate", tagger, "--data", "more.conll", "--json", "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["examples"] == 4 and report["accuracy"] == 0.75 and "accuracy 0.750 on 4 tokens" in called.out
    assert report["spans"]["micro"]["support"] == 3


def test_calibration_is_told_of_a_run(cli, trained, held):
    called = cli("evaluate", trained, held, "--json", "found.json")
    assert called.code == 0, called.err
    texts, gold = ["fine lovely", "dull awful", "great splendid", "warm"], np.array([1, 0, 0, 1])
    expected = evaluate_calibration(TextModel.load(trained).predict_proba(texts).astype(float), gold)
    found = json.loads((held.parent / "found.json").read_text())["calibration"]
    assert found["ece"] == pytest.approx(expected.ece) and found["brier"] == pytest.approx(expected.brier)
    assert f"expected calibration error {expected.ece:.3f} (calibrated probabilities show" in called.out


def test_the_page_of_a_run(cli, trained, held):
    called = cli("evaluate", trained, held, "--report", "page.html")
    assert called.code == 0 and "page.html" in called.out, called.err
    page = (held.parent / "page.html").read_text()
    assert "The model of a run, 2 labels, judged on 4 texts" in page
    assert 'title="+' in page and ">great<" in page, "words are coloured by what they say to the bag"


@pytest.fixture
def saved(tmp_path, texts_of):
    texts, labels = texts_of(60)
    found = mt2st.TextClassifier(C=1.0).fit(texts, labels)
    found.save(tmp_path / "model", texts=True)
    return found


@pytest.fixture
def texts_of():
    """Texts of two labels, some of them with the other's word; labels are whole numbers."""

    def make(number):
        random = np.random.default_rng(number)
        labels = (np.arange(number) % 2).tolist()
        sides = [label if random.random() < 0.9 else 1 - label for label in labels]
        return [f"w{side} any{random.integers(9)} w{side}x{random.integers(3)}" for side in sides], labels

    return make


def test_what_an_estimator_saved_is_judged(cli, saved, texts_of, tmp_path):
    texts, labels = texts_of(41)
    lines = [f"{label}\t{text}\n" for text, label in zip(texts, labels, strict=True)]
    (tmp_path / "new.tsv").write_text("".join(lines))
    called = cli("evaluate", "model", "new.tsv", "--json", "found.json", "--report", "page.html")
    assert called.code == 0, called.err
    found, judged = json.loads((tmp_path / "found.json").read_text()), saved.evaluate(texts, labels)
    assert found["accuracy"] == judged.report.accuracy == saved.score(texts, labels)
    assert found["calibration"]["ece"] == pytest.approx(judged.calibration.ece)
    page = (tmp_path / "page.html").read_text()
    assert "<h1>new.tsv</h1>" in page and "Training texts most like it" in page


def test_a_label_that_the_model_does_not_know_is_told_wrong(cli, saved, texts_of, tmp_path):
    (text, *_), (label, *_) = texts_of(41)
    (tmp_path / "new.tsv").write_text(f"{label}\t{text}\n2\tw0\nother\tw0\nother\tw1\n")
    called = cli("evaluate", "model", "new.tsv", "--json", "found.json", "--report", "page.html")
    assert called.code == 0, called.err
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["accuracy"] == saved.score([text], [label]) / 4
    assert found["labels"] == [*map(str, saved.classes_.tolist()), "2", "other"]


@pytest.mark.parametrize("kind", [float, bool, "{}.0".format])
def test_numbers_are_the_same_labels_however_they_are_written(cli, texts_of, tmp_path, kind):
    texts, labels = texts_of(41)
    found = mt2st.TextClassifier(C=1.0).fit(texts, list(map(kind, labels)))
    found.save(tmp_path / "model")
    (tmp_path / "new.tsv").write_text("".join(f"{label}\t{text}\n" for text, label in zip(texts, labels, strict=True)))
    called = cli("evaluate", "model", "new.tsv", "--json", "found.json")
    assert called.code == 0, called.err
    expected = found.score(texts, list(map(kind, labels)))
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == expected > 0.5


@pytest.mark.parametrize("kind", [bool, lambda label: str(bool(label))])
def test_true_is_the_same_label_in_a_table_and_in_json_lines(cli, texts_of, tmp_path, kind):
    texts, labels = texts_of(41)
    found = mt2st.TextClassifier(C=1.0).fit(texts, list(map(kind, labels)))
    found.save(tmp_path / "model")
    rows = ({"text": text, "label": bool(label)} for text, label in zip(texts, labels, strict=True))
    (tmp_path / "new.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    called = cli("evaluate", "model", "new.jsonl", "--json", "found.json")
    assert called.code == 0, called.err
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == found.score(texts, list(map(kind, labels)))


@pytest.mark.parametrize(
    ("model", "folder", "known"), [("trained", "run", "'neg', 'pos'"), ("saved", "model", "'0', '1'")]
)
def test_labels_of_which_none_is_known_are_told(cli, request, model, folder, known, tmp_path):
    request.getfixturevalue(model)
    (tmp_path / "new.tsv").write_text("good\tw0\nbad\tw1\n")
    called = cli("evaluate", folder, "new.tsv")
    assert called.code == 2
    says = f"new.tsv: the model knows none of the labels ('good', 'bad'), but {known}: see --label-column"
    assert says in called.err


def test_an_unknown_one_of_several_labels_is_told_wrong(cli, tmp_path):
    texts = ["red apple", "green apple", "red car", "green car"] * 5
    mt2st.TextClassifier(C=1.0).fit(texts, [text.split() for text in texts]).save(tmp_path / "model")
    (tmp_path / "new.tsv").write_text("red, apple\tred apple\nblue, car\tblue car\n")
    assert cli("evaluate", "model", "new.tsv", "--json", "found.json").code == 0
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["labels"] == ["apple", "car", "green", "red", "blue"] and found["gold"] == [1, 1, 0, 1, 1]
    assert found["accuracy"] == 0.5 and found["predicted"][-1] == 0


def test_several_labels_are_read_from_one_column(cli, tmp_path):
    texts = ["red apple", "green apple", "red car", "green car"] * 5
    mt2st.TextClassifier(C=1.0).fit(texts, [text.split() for text in texts]).save(tmp_path / "model")
    (tmp_path / "new.tsv").write_text("red, apple\tred apple\ncar\tgreen car\n")
    called = cli("evaluate", "model", "new.tsv", "--json", "found.json")
    assert called.code == 0, called.err
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["accuracy"] == 0.5 and found["labels"] == ["apple", "car", "green", "red"]
    assert "micro" in called.out


def test_a_saved_tagger_is_judged(cli, tmp_path):
    sentences = [["Ann", "runs"], ["the", "dog", "sleeps"]] * 10
    tagger = mt2st.TokenTagger(vector_size=8, hidden_size=8).fit(sentences, [["N", "V"], ["D", "N", "V"]] * 10)
    tagger.save(tmp_path / "tagger")
    (tmp_path / "new.conll").write_text("Ann\tN\nsleeps\tV\n\nthe\tD\ndog\tV\n\n")
    called = cli("evaluate", "tagger", "new.conll", "--report", "page.html", "--json", "found.json")
    assert called.code == 0, called.err
    expected = tagger.score([["Ann", "sleeps"], ["the", "dog"]], [["N", "V"], ["D", "V"]])
    assert json.loads((tmp_path / "found.json").read_text())["accuracy"] == expected == 0.75
    assert "V, not N" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize("tag", ["S-PER", "B-LOC"])
def test_types_of_spans_of_which_one_is_known_are_judged(cli, tagger, tmp_path, tag):
    (tmp_path / "new.conll").write_text(f"Oslo\tB-GEO\n\nAnna\t{tag}\n")
    assert cli("evaluate", tagger, "new.conll").code == 0
    (tmp_path / "new.conll").write_text("It\tO\nrains\tO\n")
    assert cli("evaluate", tagger, "new.conll").code == 0


def test_tags_of_which_the_model_knows_none_are_told(cli, tagger, tmp_path):
    (tmp_path / "new.conll").write_text("Oslo\tB-GEO\nis\tO\n")
    says = "new.conll: the model knows none of the labels ('GEO'), but 'LOC', 'PER': see --label-column"
    called = cli("evaluate", tagger, "new.conll")
    assert called.code == 2 and says in called.err


def test_tags_that_no_span_can_have_are_named_with_their_line(cli, tagger, tmp_path):
    (tmp_path / "new.conll").write_text("Anna\tB-PER\nlikes\tO\n\nshe\t_\nlikes\tVERB\n\n")
    called = cli("evaluate", tagger, "new.conll")
    assert "new.conll:5:1: 'VERB' is not a tag of a span" in called.err
    assert "left out: 1 bad tag" in cli("evaluate", tagger, "new.conll", "--on-bad-rows", "skip").err


def test_spans_are_judged_where_tags_are_known(cli, tagger, tmp_path):
    (tmp_path / "new.conll").write_text("now\t_\nlikes\tO\nAnna\tB-PER\n\n")
    called = cli("evaluate", tagger, "new.conll", "--json", "found.json")
    assert json.loads((tmp_path / "found.json").read_text())["spans"]["micro"]["support"] == 1, called.err
    (tmp_path / "new.conll").write_text("now\t_\nAnna\tB-PER\n\n")
    assert "new.conll: all spans hold or touch" in cli("evaluate", tagger, "new.conll").err


def test_the_page_of_a_run_that_tags(cli, tagger, tmp_path):
    (tmp_path / "new.conll").write_text("Anna\tB-PER\nlikes\tB-LOC\n\n")
    called = cli("evaluate", tagger, "new.conll", "--report", "page.html")
    assert called.code == 0, called.err
    assert "B-LOC, not O" in (tmp_path / "page.html").read_text()


def test_what_does_not_go_together_is_told(cli, saved, tmp_path):
    (tmp_path / "new.tsv").write_text("0\tw0\n")
    (tmp_path / "tagger" / "model").mkdir(parents=True)
    for options, said in (
        (("model", "new.tsv", "--data", "new.tsv"), "the examples are given twice"),
        (("model",), "model is a folder: give the examples to evaluate its model on, mt2st evaluate model FILE"),
        (("tagger",), "tagger is a folder: give the examples to evaluate its model on"),
        (("vectors.txt", "--report", "page.html"), "--report is of a model on labelled examples"),
        (("model", "new.tsv", "--report", "none/page.html"), "there is no folder none"),
    ):
        called = cli("evaluate", *options)
        assert called.code == 2 and said in called.err, called.err


def test_a_file_that_is_not_there_is_told_as_such_whatever_its_name(cli, trained):
    called = cli("evaluate", trained, "--data", "nope")
    assert called.code == 2
    assert called.err.startswith("mt2st: nope: there is no such file: check the path, or name a set; known: film, ")
