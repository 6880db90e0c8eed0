"""What an estimator saved, from the command line: a label a line, in order, in two threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import mt2st
from mt2st import TextClassifier
from mt2st.cli import labelling
from mt2st.cli.predict import in_order
from mt2st.cli.standard_input import CHUNK
from mt2st.errors import DataError


@pytest.fixture
def folder(tmp_path):
    texts = ["good film", "bad film", "good plot", "bad plot", "very good", "very bad"]
    TextClassifier(C=1.0).fit(texts, ["pos", "neg"] * 3).save(tmp_path / "saved")
    return tmp_path / "saved"


def test_a_label_a_line_in_order(cli, folder):
    lines = [b"good", b"bad", b"bad", b"", "très good".encode()] * CHUNK
    called = cli("predict", folder, stdin=b"\n".join(lines) + b"\n")
    found = called.out.splitlines()
    assert called.code == 0 and len(found) == len(lines)
    assert found == found[:5] * CHUNK and found[:3] == ["pos", "neg", "neg"] and found[4] == "pos"


def test_probabilities_are_the_classifiers(cli, folder):
    shares = mt2st.load(folder).predict_proba(["good", "bad"])
    called = cli("predict", folder, "--probabilities", stdin=b"good\nbad\n")
    assert called.out.splitlines() == [f"pos\t{shares[0, 1]:.4f}", f"neg\t{shares[1, 0]:.4f}"]


def test_nothing_in_is_nothing_out(cli, folder):
    called = cli("predict", folder)
    assert (called.code, called.out, called.err) == (0, "", "")


@pytest.mark.parametrize("before", [0, 2, CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_what_was_read_before_an_error_is_written(cli, folder, before):
    called = cli("predict", folder, stdin=b"good\n" * before + b"\xff\ngood\n")
    assert called.code == 2 and f"standard input:{before + 1}:1" in called.plain
    assert called.out.splitlines() == ["pos"] * before


def test_a_text_too_long_is_named_by_its_line_after_the_labels_before_it(cli, folder, monkeypatch):
    monkeypatch.setattr(labelling, "LONGEST", 1000)
    called = cli("predict", folder, stdin=b"good\n" * (CHUNK + 500) + b"x" * 1001 + b"\nbad\n")
    assert called.out.splitlines() == ["pos"] * (CHUNK + 500)
    told = f"standard input:{CHUNK + 501}: 1,001 characters, over 1,000: cut the text into parts"
    assert called.code == 2 and told in called.plain


@pytest.fixture
def topics(tmp_path):
    labels = [["news", "sport, local"], ["sport, local"], []] * 20
    texts = ["a good film", "bad", "nothing here"] * 20
    TextClassifier(C=100.0).fit(texts, labels).save(tmp_path / "topics")
    return tmp_path / "topics"


def test_labels_that_hold_at_once_are_named(cli, topics):
    called = cli("predict", topics, stdin=b"a good film\nbad\nnothing here\n")
    assert called.out == '["news", "sport, local"]\n["sport, local"]\n-\n'


def test_every_label_that_may_hold_has_its_probability(cli, topics):
    shares = mt2st.load(topics).predict_proba(["a good film", "bad"])
    called = cli("predict", topics, "-p", stdin=b"a good film\nbad\n")
    assert called.out == "".join(f"news\t{a:.4f}\tsport, local\t{b:.4f}\n" for a, b in shares)
    assert shares[0].min() > 0.5 > shares[1, 0]


def test_columns_of_a_matrix_are_labels_by_number(cli, tmp_path):
    TextClassifier(C=100.0).fit(["good", "bad"] * 20, np.array([[1, 1], [0, 1]] * 20)).save(tmp_path / "matrix")
    assert cli("predict", tmp_path / "matrix", stdin=b"good\nbad\n").out == "0, 1\n1\n"


def test_a_label_stays_on_its_line_and_in_its_column(cli, tmp_path):
    labels = ["two\nlines\tand \\n", "a, b\r"]
    TextClassifier(C=1.0).fit(["good", "bad"] * 20, labels * 20).save(tmp_path / "odd")
    called = cli("predict", tmp_path / "odd", stdin=b"good\nbad\n")
    assert called.out == "two\\nlines\\tand \\\\n\na, b\\r\n"
    fields = [
        line.split("\t") for line in cli("predict", tmp_path / "odd", "-p", stdin=b"good\nbad\n").out.splitlines()
    ]
    assert [name for name, _ in fields] == called.out.splitlines()


def test_chunks_are_worked_on_at_once_and_come_in_order():
    both, order = threading.Barrier(2, timeout=60), []

    def work(number):
        if number < 2:
            both.wait()  # goes on when the other one is being worked on too
        return number

    def chunks():
        for number in range(7):
            order.append(number)
            yield number

    found = in_order(work, chunks(), 2)
    assert next(found) == 0
    assert order == [0, 1, 2], "no more is read than is worked on, and one"
    assert list(found) == [1, 2, 3, 4, 5, 6]


def test_what_waits_comes_before_what_may_be_long_in_coming():
    order = []

    def chunks():
        for number in [0, 1, None, 2, None, None, 3]:
            order.append(number)
            yield number

    found = in_order(str, chunks(), 2)
    assert [next(found), next(found)] == ["0", "1"] and order == [0, 1, None]
    assert next(found) == "2" and order == [0, 1, None, 2, None]
    assert list(found) == ["3"]


def test_nothing_is_written_after_work_that_failed():
    def work(number):
        if number == 1:
            raise DataError("no work")
        return number

    found = in_order(work, iter(range(5)), 2)
    assert next(found) == 0
    with pytest.raises(DataError, match="no work"):
        next(found)
    assert list(found) == []


def test_an_error_of_reading_comes_last_and_one_of_work_in_its_place():
    def chunks():
        yield from range(3)
        raise DataError("no line")

    found = in_order(str, chunks(), 2)
    assert [next(found), next(found), next(found)] == ["0", "1", "2"]
    with pytest.raises(DataError, match="no line"):
        next(found)
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 // number, iter([1, 0, 1]), 2))
