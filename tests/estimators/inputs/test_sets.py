"""What is read for one task: parts that share no text, in the file's order."""

import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.inputs.files import Files
from mt2st.estimators.inputs.sets import read_sets
from mt2st.training.settings.labelled import LabelledSource


@pytest.fixture
def table(tmp_path, reviews):
    """Write reviews and return the path and the rows."""
    rows = reviews(40, 1)
    path = tmp_path / "reviews.tsv"
    path.write_text("".join(f"{label}\t{text}\n" for label, text in rows))
    return str(path), rows


def test_training_examples_keep_the_order_of_the_file(table):
    path, rows = table
    sets = read_sets(Files(path), test_share=0.25, seed=3)
    laid_aside = set(sets.test.texts)
    assert len(sets.test) == 10
    assert list(zip(sets.training.labels, sets.training.texts, strict=True)) == [
        (label, text) for label, text in rows if text not in laid_aside
    ]


def test_copies_of_a_text_are_laid_aside_together(tmp_path):
    # Drawn row by row, nine of ten texts with ten copies each would be in the test part.
    (tmp_path / "many.tsv").write_text("".join(f"{'ab'[n % 2]}\ttext {n % 50}\n" for n in range(500)))
    sets = read_sets(Files(str(tmp_path / "many.tsv")), test_share=0.2, seed=0)
    assert len(sets.test) == 100 and len(sets.training) == 400
    assert not set(sets.test.texts) & set(sets.training.texts) and not sets.skipped


def test_copies_in_other_documents_are_left_out_and_counted(tmp_path):
    rows = "".join(f"{'ab'[n % 2]}\ttext {n % 5}\td{n}\n" for n in range(20))
    (tmp_path / "many.tsv").write_text(f"label\ttext\tdocument\n{rows}")
    sets = read_sets(Files(str(tmp_path / "many.tsv")), test_share=0.1, seed=0)
    out = sets.skipped[str(tmp_path / "many.tsv")]["whose text is held out"]
    assert out > 0 and len(sets.training) + len(sets.test) + out == 20


def test_texts_of_a_test_file_are_trained_on_nowhere(table, tmp_path):
    path, rows = table
    (tmp_path / "test.tsv").write_text("".join(f"{label}\t{text.upper()}\n" for label, text in rows[:10]))
    (tmp_path / "more.txt").write_text("".join(f"{text}\n" for _, text in [*rows[:3], ("", "another")]))
    test, more = str(tmp_path / "test.tsv"), str(tmp_path / "more.txt")
    sets = read_sets(Files(path, test=test, unlabelled=[more]), test_share=0.2, seed=0)
    assert sets.test.texts == [text.upper() for _, text in rows[:10]]
    assert sets.training.texts == [text for _, text in rows[10:]]
    assert sets.unlabelled == ["another"]
    assert sets.skipped == {path: {"in the test file too": 10}, more: {"held out for the test": 3}}


def test_a_share_that_leaves_nothing_to_train_on_is_named(table, tmp_path):
    (tmp_path / "same.tsv").write_text("pos\tgood\nneg\tGood \n" * 3)
    with pytest.raises(DataError, match=r"same\.tsv: of 6 examples none is left to train on: .* or lower test_share"):
        read_sets(Files(str(tmp_path / "same.tsv")), test_share=0.2, seed=0)
    with pytest.raises(DataError, match=r"give more different ones$"):  # no share is held out of it
        read_sets(Files(table[0], test=table[0]), test_share=0.2, seed=0)
    with pytest.raises(ConfigError, match=r"from 0 to below 1, 1\.0 found"):
        read_sets(Files(table[0]), test_share=1.0, seed=0)


def test_bad_tags_of_either_kind_are_counted_together(tmp_path):
    good = "".join(f"Anna{n}\tB-PER\nran\tO\n\n" for n in range(8))
    (tmp_path / "names.conll").write_text(good + "Bo\tB-PER x\n\nCy\tE-PER\n\n")
    files = Files(str(tmp_path / "names.conll"), LabelledSource(kind="tagging"), on_bad_rows="skip")
    sets = read_sets(files, test_share=0.0, seed=0)
    assert len(sets.training) == 8 and sets.skipped == {files.data: {"bad tag": 2}}
