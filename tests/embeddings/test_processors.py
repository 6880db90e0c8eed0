"""The kernels compiled for other processors; run as a script, this file writes what they come to."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mt2st.embeddings import AliasTable
from mt2st.embeddings.glove import Glove
from mt2st.embeddings.kernels.bag import bag_update
from mt2st.embeddings.kernels.glove import glove_update
from mt2st.embeddings.kernels.skipgram import skipgram_update
from mt2st.text import Ragged

PROCESSORS = ["generic", "haswell"]


def train():
    """Return all that one small update of each kernel changes or returns."""
    random = np.random.default_rng(1)
    # 37 is no multiple of any vector register.
    table, contexts = (random.normal(scale=0.2, size=(9, 37)).astype(np.float32) for _ in range(2))
    head, weights = random.normal(size=(3, 38)).astype(np.float32), random.uniform(0.1, 1, 9).astype(np.float32)
    rows = Ragged.from_lists([random.integers(0, 9, size) for size in (5, 0, 9, 2)])
    order, labels = np.arange(4), np.array([0, 1, 2, 1], np.int32)
    rates = np.float32(0.3), np.float32(0.1)
    bag = bag_update(table, weights, head, rows.ids, rows.offsets, labels, order, *rates, False)
    negatives, keep = AliasTable.of(np.arange(1.0, 10)), np.linspace(0.5, 1, 9, dtype=np.float32)
    skipgram = skipgram_update(
        table,
        contexts,
        rows.ids,
        rows.offsets,
        order,
        keep,
        negatives.threshold,
        negatives.alias,
        3,
        4,
        np.float32(0.1),
        np.uint64(3),
    )
    glove = Glove(random.normal(scale=0.2, size=(9, 37)).astype(np.float32), words=9, vector_size=37)
    pairs = (random.integers(0, 9, 50).astype(np.int32) for _ in range(2))
    cost = glove.advance(*pairs, random.uniform(0.1, 200, 50).astype(np.float32))
    found = {f"glove {name}": array for name, array in glove.arrays().items()}
    found |= {"glove table": glove.table, "glove": np.array(cost)}
    return found | {
        "table": table,
        "contexts": contexts,
        "head": head,
        "bag": np.array(bag),
        "skipgram": np.array(skipgram),
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results on each processor: one process each, both at once, since each compiles anew."""
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip(f"{platform.machine()} runs no code for haswell")
    folder = tmp_path_factory.mktemp("processors")
    running = {
        name: subprocess.Popen(
            [sys.executable, __file__, str(folder / f"{name}.npz")],
            env={**os.environ, "NUMBA_CPU_NAME": name, "NUMBA_CACHE_DIR": str(folder / name)},
        )
        for name in PROCESSORS
    }
    assert [process.wait() for process in running.values()] == [0, 0]
    return {name: dict(np.load(folder / f"{name}.npz")) for name in PROCESSORS}


@pytest.mark.parametrize("name", PROCESSORS)
def test_other_processors_come_to_the_same(results, name):
    here = train()
    there = results[name]
    assert here["skipgram"][1] > 10
    for part, expected in here.items():
        np.testing.assert_allclose(there[part], expected, rtol=1e-5, atol=1e-6, err_msg=part)


def test_the_code_was_for_these_processors(results):
    # Registers of 256 bits came with AVX, which the generic processor lacks.
    assert {name: bool(found["wide"]) for name, found in results.items()} == {"generic": False, "haswell": True}


if __name__ == "__main__":
    code = "".join(
        text for kernel in (bag_update, skipgram_update, glove_update) for text in kernel.inspect_asm().values()
    )
    np.savez(Path(sys.argv[1]), wide="ymm" in code, **train())
