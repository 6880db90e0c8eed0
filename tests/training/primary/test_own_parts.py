"""Files of their own for development and test: no text of theirs is trained on."""

import pytest

from mt2st.errors import DataError
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import parse_settings

ROWS = [f"{('pos', 'neg')[n % 2]}\tword{n} film\n" for n in range(40)]


@pytest.fixture
def load(job_values, tmp_path):
    def call(**files):
        paths = {name: tmp_path / f"{name}.tsv" for name in files}
        for name, path in paths.items():
            path.write_text("".join(files[name]))
        changes = {f"primary.{name}": str(path) for name, path in paths.items()}
        return load_corpus(parse_settings(job_values({**changes, "primary.labels": None, "auxiliary": {}}))), paths

    return call


def texts_of(corpus, part):
    words = corpus.features.words.words
    return {words[k] for row in part.rows for k in row if k < len(words) and words[k].startswith("word")}


def test_rows_that_are_in_the_test_file_are_not_trained_on_and_that_is_said(load):
    corpus, paths = load(data=ROWS, test_data=ROWS[:10])
    assert len(corpus.test) == 10 and len(corpus.pool) + len(corpus.development) == 30
    assert not {f"word{n}" for n in range(10)} & set(corpus.features.words.words), "none is seen in training"
    said = {f"whose text is also in {paths['test_data']}": 10}
    assert corpus.skipped_rows == {str(paths["data"]): said}


def test_the_same_holds_of_development_files_and_between_the_two(load):
    corpus, paths = load(data=ROWS, development_data=ROWS[8:20], test_data=ROWS[:10])
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (20, 10, 10)
    assert corpus.skipped_rows == {
        str(paths["data"]): {
            f"whose text is also in {paths['test_data']}": 10,
            f"whose text is also in {paths['development_data']}": 10,
        },
        str(paths["development_data"]): {f"whose text is also in {paths['test_data']}": 2},
    }


def test_a_part_that_is_the_training_file_is_an_error(load, tmp_path):
    with pytest.raises(DataError) as caught:
        load(data=ROWS, test_data=ROWS)
    data, test = tmp_path / "data.tsv", tmp_path / "test_data.tsv"
    assert str(caught.value) == f"{data}: nothing is left of 40 examples: {test} has the same texts; give other ones"


def test_of_tagged_sentences_too(job_values, tmp_path):
    sentences = [f"word\tA\nknown{n}\tB\n\n" for n in range(20)]
    (tmp_path / "tags.conll").write_text("".join(sentences))
    (tmp_path / "test.conll").write_text("".join(sentences[:5]))
    data, test = str(tmp_path / "tags.conll"), str(tmp_path / "test.conll")
    changes = {"primary.kind": "tagging", "primary.data": data, "primary.test_data": test, "auxiliary": {}}
    corpus = load_corpus(parse_settings(job_values({**changes, "model.encoder": "bilstm", "primary.labels": None})))
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (12, 3, 5)
    assert corpus.skipped_rows == {data: {f"whose text is also in {test}": 5}}
