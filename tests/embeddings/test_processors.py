"""The kernels compiled for other processors; run as a script, this file writes what they come to."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mt2st.embeddings.glove import Glove
from mt2st.embeddings.kernels.bag import bag_update
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.pairs import PairModel
from mt2st.embeddings.subwords import SubwordIndex
from mt2st.embeddings.table import new_table
from mt2st.text import Ragged

PROCESSORS = {
    "generic": {"NUMBA_CPU_NAME": "generic"},
    "haswell": {"NUMBA_CPU_NAME": "haswell"},
    # What is compiled for AVX-512, in registers of this processor: not what an installed package brings.
    "sixteen": {},
    # Compiled, not run.
    "avx512": {"NUMBA_CPU_NAME": "znver4", "NUMBA_CPU_FEATURES": "+avx2,+fma,+avx512f,+avx512vl,+avx512bw,+avx512dq"},
}
RUN = [name for name in PROCESSORS if name != "avx512"]
# Anew, and not from the disk: Numba shows no code that it has from there.
ASSEMBLY = """
import numba
from mt2st.embeddings.kernels.context_groups import score
assembly = "".join(numba.njit(score.signatures)(score.py_func).inspect_asm().values())
"""
COMPILE = f"""
{ASSEMBLY}
import mt2st.embeddings.lanes
print(mt2st.embeddings.lanes.LANES, "zmm" in assembly)
"""
SIXTEEN = """
import pathlib, runpy, sys, types
from mt2st import prebuilt
prebuilt.FOLDER = pathlib.Path("none")
lanes = types.ModuleType("mt2st.embeddings.lanes")
lanes.LANES, lanes.WIDE = 16, True
sys.modules[lanes.__name__] = lanes
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def train_pairs(method, subwords):
    """Return all that a little training changes or returns, on rows of no whole number of registers."""
    random = np.random.default_rng(5)
    index = SubwordIndex.of([str(number**5) for number in range(9)], 2, 3, 100) if subwords else None
    table = new_table(9 + (0 if index is None else len(index.buckets)), 37, seed=1, scale=10)
    model = PairModel(table, np.arange(1, 10), method=method, window=4, negative=4, sample=0.1, subwords=index)
    model.output[:] = random.normal(scale=0.2, size=(9, 37))
    sentences = Ragged.from_lists([random.integers(0, 9, size) for size in (5, 0, 70, 9, 2)])
    found = model.advance(sentences, np.arange(5), 0.02, 3)
    return {"table": table, "output": model.output, "counts": np.array(found)}


def train():
    """Return all that one small update of each kernel changes or returns."""
    random = np.random.default_rng(1)
    # 37 is no multiple of any vector register.
    table = random.normal(scale=0.2, size=(9, 37)).astype(np.float32)
    head, weights = random.normal(size=(3, 38)).astype(np.float32), random.uniform(0.1, 1, 9).astype(np.float32)
    rows = Ragged.from_lists([random.integers(0, 9, size) for size in (5, 0, 9, 2)])
    order, labels = np.arange(4), np.array([0, 1, 2, 1], np.int32)
    rates = np.float32(0.3), np.float32(0.1)
    bag = bag_update(table, weights, head, rows.ids, rows.offsets, labels, order, *rates, False)
    glove = Glove(random.normal(scale=0.2, size=(9, 37)).astype(np.float32), words=9, vector_size=37)
    pairs = (random.integers(0, 9, 50).astype(np.int32) for _ in range(2))
    cost = glove.advance(*pairs, random.uniform(0.1, 200, 50).astype(np.float32))
    found = {f"glove {name}": array for name, array in glove.arrays().items()}
    found |= {"glove table": glove.table, "glove": np.array(cost)}
    for method in ("skipgram", "cbow"):
        for subwords in (False, True):
            for name, array in train_pairs(method, subwords).items():
                found[f"{method} {'subwords ' if subwords else ''}{name}"] = array
    return found | {"table": table, "head": head, "bag": np.array(bag)}


def command_of(name, result):
    """How to start a process that writes, or prints, what a processor comes to."""
    if name == "avx512":
        return [sys.executable, "-c", COMPILE]
    return [sys.executable, *(["-c", SIXTEEN] if name == "sixteen" else []), __file__, str(result)]


@pytest.fixture(scope="module")
def results(tmp_path_factory, code_cache):
    """The results on each processor: one process each, at once, since each compiles its own code."""
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip(f"{platform.machine()} runs no code for haswell")
    folder, code = tmp_path_factory.mktemp("processors"), code_cache("embeddings")
    running = {
        name: subprocess.Popen(
            command_of(name, folder / f"{name}.npz"),
            env={**os.environ, **settings, "NUMBA_CACHE_DIR": str(code / name)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, settings in PROCESSORS.items()
    }
    printed = {name: process.communicate()[0] for name, process in running.items()}
    assert [process.returncode for process in running.values()] == [0] * len(running)
    found = {name: dict(np.load(folder / f"{name}.npz")) for name in RUN}
    return found | {"avx512": {"printed": printed["avx512"].split()}}


@pytest.mark.parametrize("name", RUN)
def test_other_processors_come_to_the_same(results, name):
    here = train()
    there = results[name]
    assert {here[f"{method} counts"][1] > 10 for method in ("skipgram", "cbow", "cbow subwords")} == {True}
    for part, expected in here.items():
        np.testing.assert_allclose(there[part], expected, rtol=1e-5, atol=2e-6, err_msg=part)


def test_the_code_was_for_these_processors(results):
    # Registers of 256 bits came with AVX, which the generic processor lacks.
    assert {name: bool(results[name]["wide"]) for name in ("generic", "haswell")} == {"generic": False, "haswell": True}
    assert {name: int(results[name]["lanes"]) for name in RUN} == {"generic": 8, "haswell": 8, "sixteen": 16}


def test_avx_512_is_compiled_for_in_whole_registers(results):
    assert results["avx512"]["printed"] == ["16", "True"]


if __name__ == "__main__":
    found: dict[str, str] = {}
    exec(ASSEMBLY, found)
    np.savez(Path(sys.argv[1]), wide="ymm" in found["assembly"], lanes=LANES, **train())
