"""What an estimator saved, from the command line: a label a line, in order, in two threads."""

from __future__ import annotations

import threading

import pytest

from mt2st import TextClassifier
from mt2st.cli.predict import CHUNK, in_order
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
    import mt2st

    shares = mt2st.load(folder).predict_proba(["good", "bad"])
    called = cli("predict", folder, "--probabilities", stdin=b"good\nbad\n")
    assert called.out.splitlines() == [f"pos\t{shares[0, 1]:.4f}", f"neg\t{shares[1, 0]:.4f}"]


def test_nothing_in_is_nothing_out(cli, folder):
    called = cli("predict", folder)
    assert (called.code, called.out, called.err) == (0, "", "")


def test_what_was_read_before_an_error_is_written(cli, folder):
    called = cli("predict", folder, stdin=b"good\n" * (2 * CHUNK) + b"\xff\n")
    assert called.code == 2 and f"standard input:{2 * CHUNK + 1}:1" in called.plain
    assert called.out.splitlines() == ["pos"] * (2 * CHUNK)


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
