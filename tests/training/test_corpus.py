"""What goes into a corpus, and above all what does not."""

import pytest

from mt2st.errors import DataError
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import parse_settings


@pytest.fixture
def load(job_values):
    return lambda changes=None: load_corpus(parse_settings(job_values(changes)))


def texts_of(corpus, part):
    words = corpus.features.words.words
    return [[words[number] for number in part.rows.row(row) if number < len(words)] for row in range(len(part))]


@pytest.fixture
def marked(tmp_path, job_values):
    """A file in which the word ``secretN`` marks row N; return settings and the rows' marks."""
    rows = [f"{('pos', 'neg')[n % 2]}\tsome words about secret{n} here\n" for n in range(40)]
    path = tmp_path / "marked.tsv"
    path.write_text("".join(rows))
    return path


def marks(words):
    return {word for word in words if word.startswith("secret")}


def test_held_out_text_never_enters_features_or_sentences(load, marked):
    corpus = load({"primary.data": str(marked), "primary.labels": None, "model.pair_min_count": 1})
    known = marks(corpus.features.words.words)
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (24, 8, 8)
    assert len(known) == 24, "a mark for each training row and none for the 16 others"
    trained_on = {word for text in texts_of(corpus, corpus.pool) for word in marks(text)}
    assert trained_on == known
    assert not any(marks(text) for part in (corpus.development, corpus.test) for text in texts_of(corpus, part))
    assert len(corpus.sentences["language"]) == 24 + 80, "the primary's training rows and the film reviews"
    assert len(marks(word for pair in corpus.features.pairs.words for word in pair.split())) == 24


@pytest.mark.parametrize(
    "auxiliary",
    [{"kind": "skipgram", "table_rate": 0.1}, {"kind": "classification"}],
    ids=["language", "labels"],
)
def test_an_auxiliary_over_the_same_file_does_not_see_the_held_out_rows_either(load, marked, auxiliary):
    same = {**auxiliary, "data": str(marked)}
    corpus = load({"primary.data": str(marked), "primary.labels": None, "auxiliary": {"same": same}})
    rows = corpus.sentences["same"] if auxiliary["kind"] == "skipgram" else corpus.labelled["same"].rows
    assert len(rows) == 24
    assert len(marks(corpus.features.words.words)) == 24
    assert corpus.skipped_rows == {str(marked): {"held out of the primary": 16}}


def test_a_language_model_with_text_of_its_own_reads_that_alone(load, tmp_path):
    (tmp_path / "plain.txt").write_text("one own line\nanother own line\n")
    corpus = load({"auxiliary.language.data": [str(tmp_path / "plain.txt")]})
    words = corpus.features.words.words
    assert [[words[n] for n in corpus.sentences["language"].row(k)] for k in range(2)] == [
        ["one", "own", "line"],
        ["another", "own", "line"],
    ]
    assert len(corpus.sentences["language"]) == 2
    assert "own" in words, "its words have rows of the table too"


@pytest.mark.parametrize("window", [1, 10])
def test_glove_counts_the_words_that_the_features_have(load, tmp_path, window):
    (tmp_path / "plain.txt").write_text("fine dull fine\nseldom\n")
    glove = {"kind": "glove", "data": str(tmp_path / "plain.txt"), "window": window}
    corpus = load({"auxiliary": {"pairs": glove}, "model.min_count": 2})
    words, records = corpus.features.words.words, corpus.records["pairs"]
    assert "seldom" not in words
    places = zip(records.rows, records.columns, records.values, strict=True)
    found = {(words[i], words[j]): float(value) for i, j, value in places}
    expected = {("fine", "dull"): 2, ("dull", "fine"): 2} | ({("fine", "fine"): 1} if window > 1 else {})
    assert found == expected
    assert not load().records, "nothing is counted for other kinds"


def test_own_development_and_test_files_take_the_place_of_shares(load, tmp_path, reviews):
    for name, seed, count in (("dev", 7, 6), ("test", 8, 10)):
        (tmp_path / f"{name}.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in reviews(count, seed)))
    corpus = load(
        {"primary.development_data": str(tmp_path / "dev.tsv"), "primary.test_data": str(tmp_path / "test.tsv")}
    )
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (120, 6, 10)
    assert not {f"x7y{n}" for n in range(6)} & set(corpus.features.words.words)
    assert not {f"x8y{n}" for n in range(10)} & set(corpus.features.words.words)
    assert corpus.development.labels.tolist() == [1, 0] * 3, "pos, neg in turn; classes are in order: neg, pos"


def test_one_own_file_leaves_the_other_part_a_share(load, tmp_path, reviews):
    (tmp_path / "test.tsv").write_text("".join(f"{label}\t{text}\n" for label, text in reviews(10, 8)))
    corpus = load({"primary.test_data": str(tmp_path / "test.tsv")})
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (96, 24, 10)


def test_labels_become_numbers_in_the_order_of_their_names(load):
    corpus = load()
    assert corpus.pool.classes == corpus.development.classes == corpus.test.classes == ("neg", "pos")
    good = {"fine", "lovely", "great", "warm", "splendid"}
    assert [bool(good & set(text)) for text in texts_of(corpus, corpus.pool)] == (corpus.pool.labels == 1).tolist()


@pytest.fixture
def with_unknown(tmp_path):
    """A test file whose third row has a class that training lacks."""
    path = tmp_path / "unknown.tsv"
    path.write_text("pos\tfine film\nneg\tdull film\nmixed\tso so\nmixed\tneither\npos\tgreat\n")
    return path


def test_a_class_missing_from_training_is_an_error_with_its_place(load, with_unknown):
    with pytest.raises(DataError) as caught:
        load({"primary.test_data": str(with_unknown)})
    assert str(caught.value).startswith(f"{with_unknown}:3:1: the class 'mixed' (2) is in the held-out part but")
    assert "training, which has neg, pos" in str(caught.value)
    assert "--on-bad-rows skip" in str(caught.value)


def test_or_is_left_out_and_counted(load, with_unknown):
    corpus = load({"primary.test_data": str(with_unknown), "training.on_bad_rows": "skip"})
    assert corpus.test.labels.tolist() == [1, 0, 1]
    assert corpus.skipped_rows == {str(with_unknown): {"test class missing from training": 2}}


def test_bad_rows_are_counted_by_source_and_reason(load, tmp_path):
    with (tmp_path / "reviews.tsv").open("a") as file:
        file.write("pos\t\nneg\n")
    values = {"training.on_bad_rows": "skip", "primary.data": str(tmp_path / "bad.tsv")}
    (tmp_path / "bad.tsv").write_text((tmp_path / "reviews.tsv").read_text())
    (tmp_path / "reviews.tsv").unlink()
    corpus = load(values)
    counts = corpus.skipped_rows[str(tmp_path / "bad.tsv")]
    assert counts == {"empty text": 1, "wrong column count": 1}


@pytest.mark.parametrize("key", ["primary.data", "auxiliary.film.data"])
def test_one_class_only_is_an_error(load, tmp_path, key):
    path = tmp_path / "one.tsv"
    path.write_text("pos\tfine\npos\tgreat\npos\twarm\n")
    with pytest.raises(DataError, match=r"one\.tsv: 3 examples and one label, 'pos': give data of two classes"):
        load({key: str(path)})


@pytest.mark.parametrize("on_bad_rows", ["error", "skip"])
def test_one_class_left_after_the_split_is_an_error(load, tmp_path, on_bad_rows):
    # The only document of a second class is held out under this seed.
    rows = ["document\tlabel\ttext\n", *(f"d{n}\t{'neg' if n == 7 else 'pos'}\tword{n}\n" for n in range(10))]
    path = tmp_path / "rare.tsv"
    path.write_text("".join(rows))
    seeds = range(20)
    faults = []
    for seed in seeds:
        try:
            load({"primary.data": str(path), "training.split_seed": seed, "training.on_bad_rows": on_bad_rows})
        except DataError as error:
            faults.append(str(error))
    assert 4 <= len(faults) <= 14, "the rare document is held out four times in ten"
    assert all(f"{path}: 6 examples left to train on and one label, 'pos'" in fault for fault in faults)


def test_too_few_examples_to_hold_any_out_is_an_error(load, tmp_path):
    path = tmp_path / "few.tsv"
    path.write_text("pos\tfine\nneg\tdull\npos\twarm\nneg\tcold\n")
    with pytest.raises(DataError, match=r"few\.tsv: no development examples among 4 to evaluate on"):
        load({"primary.data": str(path)})


def test_document_columns_are_kept_whole(load, tmp_path):
    rows = ["review_id,label,text\n"]
    rows += [f"r{n // 4},{('pos', 'neg')[n % 2]},word{n // 4} in{n}\n" for n in range(80)]
    path = tmp_path / "documents.csv"
    path.write_text("".join(rows))
    corpus = load({"primary.data": str(path)})
    # Each document has a word of its own; a part knows it only if training has some of the document.
    known = {word for word in corpus.features.words.words if word.startswith("word")}
    assert len(known) == len(corpus.pool) / 4
    assert not any(known & set(text) for text in texts_of(corpus, corpus.test))


def test_a_named_set_without_labels_cannot_be_classified(load):
    with pytest.raises(DataError, match="the data set 'simlex999' has no labelled sentences to train on"):
        load({"auxiliary.film.data": "simlex999"})
