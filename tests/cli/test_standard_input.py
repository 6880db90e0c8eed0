"""Lines of standard input as they arrive: of any size, from a pipe that stays open."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from threading import Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st import TextClassifier
from mt2st.cli import standard_input
from mt2st.cli.standard_input import input_chunks, input_lines


@given(st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"\r", "é".encode(), b" "])).map(b"".join), st.integers(1, 9))
def test_lines_are_those_of_the_text_however_it_arrives(data, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standard_input, "READ", size)
        patch.setattr(standard_input, "CHUNK", 2)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        chunks = list(input_chunks(str))
    assert [line for chunk in chunks for line in chunk or []] == [
        raw.rstrip(b"\r\n").decode() for raw in io.BytesIO(data)
    ]
    assert max((len(chunk) for chunk in chunks if chunk), default=0) <= 2


@pytest.fixture
def pipe(monkeypatch):
    read, write = os.pipe()
    with open(read) as stdin, open(write, "wb", buffering=0) as out:  # noqa: PTH123 - of descriptors
        monkeypatch.setattr(sys, "stdin", stdin)
        yield out


def test_what_a_pipe_holds_comes_before_none(pipe):
    pipe.write(b"good\nbad\nbeg")
    chunks = input_chunks(str)
    assert [next(chunks), next(chunks)] == [["good", "bad"], None]
    pipe.write(b"un")
    assert next(chunks) is None, "a line that has only begun"
    pipe.write(b"\nlast")
    assert [next(chunks), next(chunks)] == [["begun"], None]
    pipe.close()
    assert list(chunks) == [["last"]]


def test_lines_alone_have_no_pauses(pipe):
    pipe.write(b"good\n\n")
    pipe.close()
    assert list(input_lines()) == ["good", ""]


def test_a_process_that_is_asked_line_by_line_answers(tmp_path):
    TextClassifier(C=1.0).fit(["good film", "bad film"] * 3, ["pos", "neg"] * 3).save(tmp_path / "saved")
    command = [sys.executable, "-m", "mt2st", "predict", str(tmp_path / "saved")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        hung = Timer(60, process.kill)
        hung.start()
        answers = []
        for line in (b"good\n", b"bad\nbad\n", b"good\n"):
            process.stdin.write(line)
            process.stdin.flush()
            answers += [process.stdout.readline() for _ in range(line.count(b"\n"))]
        hung.cancel()
        process.stdin.close()
    assert answers == [b"pos\n", b"neg\n", b"neg\n", b"pos\n"]
    assert process.returncode == 0
