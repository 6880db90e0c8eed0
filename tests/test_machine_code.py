"""Compiled once, kept on the disk, called without Numba; anything wrong on the disk is compiled again."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import numpy as np
import pytest
from numba import cfunc, int64, types, void

from mt2st import machine_code
from mt2st.machine_code import ADDRESS, NUMBER, load_functions

LIST = types.CPointer(int64)
KINDS = {"double_all": (None, [ADDRESS, NUMBER]), "add_up": (NUMBER, [ADDRESS, NUMBER])}


def double_all(numbers, count):
    for place in range(count):
        numbers[place] *= 2


def add_up(numbers, count):
    total = 0
    for place in range(count):
        total += numbers[place]
    return total


def makes_an_array(numbers, count):
    return np.arange(count).sum() + numbers[0]


@pytest.fixture
def compiling(tmp_path, monkeypatch):
    """Return what compiles, and a list that grows with each call."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    calls = []

    def compile_all():
        calls.append(1)
        return {"double_all": cfunc(void(LIST, int64))(double_all), "add_up": cfunc(int64(LIST, int64))(add_up)}

    return compile_all, calls


def test_functions_change_memory_and_return_numbers(compiling):
    found = load_functions("test", [], KINDS, compiling[0])
    numbers = np.array([1, 2, 3])
    found["double_all"](numbers.ctypes.data, 2)
    assert numbers.tolist() == [2, 4, 3]
    assert found["add_up"](numbers.ctypes.data, 3) == 9


def test_they_are_compiled_once_for_the_same_sources_and_anew_for_others(compiling, tmp_path):
    source = tmp_path / "source.py"
    source.write_text("one")
    for text, times in (("one", 1), ("one", 1), ("two", 2), ("one", 2)):
        source.write_text(text)
        load_functions("test", [source], KINDS, compiling[0])
        assert len(compiling[1]) == times


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: data[:-1] + b"?"]
)
def test_code_that_is_not_whole_is_compiled_again(compiling, tmp_path, damage):
    load_functions("test", [], KINDS, compiling[0])
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(damage(file.read_bytes()))
    numbers = np.array([5, 6])
    assert load_functions("test", [], KINDS, compiling[0])["add_up"](numbers.ctypes.data, 2) == 11
    assert len(compiling[1]) == 2


def test_a_disk_that_cannot_be_written_to_costs_time_alone(compiling, tmp_path):
    (tmp_path / "cache").write_text("a file, not a folder")
    assert load_functions("test", [], KINDS, compiling[0])["add_up"](np.array([7]).ctypes.data, 1) == 7


def test_code_that_needs_numba_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    with pytest.raises(RuntimeError, match="it must not make arrays"):
        load_functions("test", [], KINDS, lambda: {"add_up": cfunc(int64(LIST, int64))(makes_an_array)})


def test_the_folder_is_numbas_else_beside_the_package_else_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "somewhere")
    assert str(machine_code._folder()) == "somewhere"
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setattr(machine_code.os, "access", lambda *_: True)
    assert machine_code._folder().name == "__pycache__"
    monkeypatch.setattr(machine_code.os, "access", lambda *_: False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert machine_code._folder() == tmp_path / "mt2st"


def test_what_came_with_the_package_is_not_for_another_processor(compiling, monkeypatch):
    asked = []
    monkeypatch.setattr(machine_code.prebuilt, "object_code", asked.append)
    load_functions("test", [], KINDS, compiling[0])
    assert asked == ["test"]
    monkeypatch.setenv("NUMBA_CPU_NAME", "x86-64")
    monkeypatch.delenv("NUMBA_CPU_FEATURES", raising=False)
    load_functions("test", [], KINDS, compiling[0])
    assert asked == ["test"] and len(compiling[1]) == 2, "compiled anew, under another name"


def test_another_process_loads_it_without_numba():
    code = """
import sys
from mt2st.models.scoring.code import functions
assert set(functions()) == {"fill_words", "fill_pairs", "number_ngrams", "score_texts"}
print("numba" in sys.modules)
"""
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[1].stdout.strip() == "False"


def test_types_are_those_of_ctypes(compiling):
    found = load_functions("test", [], KINDS, compiling[0])["add_up"]
    assert found.restype is ctypes.c_int64
    with pytest.raises(TypeError, match="2 arguments"):
        found(0)
