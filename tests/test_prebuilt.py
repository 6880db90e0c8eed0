"""Code that comes with the package is used where it fits, and leaves nothing to compile there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from llvmlite import binding as llvm

import mt2st
from mt2st import prebuilt

ROOT = Path(__file__).parents[1]
LEVEL = prebuilt.level_of(llvm.get_host_cpu_features())
V3 = {"avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"}
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


@pytest.mark.parametrize(
    ("features", "level"),
    [
        (V4 | {"sse2"}, "x86-64-v4"),
        (V3, "x86-64-v3"),
        (V3 - {"movbe"}, None),
        # Tables are laid out for AVX-512, for which level 3 has no code.
        (V4 - {"avx512bw"}, None),
        (set(), None),
    ],
)
def test_the_level_is_the_best_that_a_processor_has_in_full(features, level):
    assert prebuilt.level_of(dict.fromkeys(features, True)) == level


def test_code_is_read_back_whole_or_not_at_all(tmp_path):
    file = tmp_path / "code"
    assert prebuilt.read_code(file) is None
    prebuilt.write_code(file, b"code")
    assert prebuilt.read_code(file) == b"code"
    file.write_bytes(file.read_bytes()[:-1])
    assert prebuilt.read_code(file) is None


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Return a function that finds a kernel's code in a package of one source, as its record says or a changed one."""

    def kernel():
        pass

    monkeypatch.setattr(prebuilt, "PACKAGE", tmp_path)
    monkeypatch.setattr(prebuilt, "FOLDER", tmp_path / "code")
    monkeypatch.setattr(prebuilt, "level_of", lambda _: "level")
    (tmp_path / "source.py").write_text("kernels")
    (tmp_path / "code/level").mkdir(parents=True)
    prebuilt.write_code(tmp_path / "code/level" / prebuilt.kernel_name(kernel), b"a kernel's")
    prebuilt.write_code(tmp_path / "code/level/scoring.o", b"an object's")

    def find(**changed):
        made = {"numba": "1.0", "python": sys.implementation.cache_tag, "sources": prebuilt.digests(["source.py"])}
        (tmp_path / "code/level/made.json").write_text(json.dumps(made | changed))
        prebuilt._found.cache_clear()
        return prebuilt.kernel_code(kernel, "1.0"), prebuilt.object_code("scoring")

    yield find
    prebuilt._found.cache_clear()


def test_code_is_for_the_numba_the_python_and_the_sources_that_made_it(built):
    assert built() == (b"a kernel's", b"an object's")
    # Machine code that is loaded without Numba and Python is for any.
    assert built(numba="1.1") == (None, b"an object's")
    assert built(python="cpython-399") == (None, b"an object's")
    assert built(sources={"source.py": "of another text"}) == (None, None)
    assert built(sources={"no longer there.py": ""}) == (None, None)


# Compiles one module; then loads it in a process with nothing in Numba's cache.
BUILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import build_kernels
folder, level, cache = Path(sys.argv[1]), sys.argv[2], sys.argv[4]
folder.mkdir(parents=True)
build_kernels.compile_for(level, cache)
build_kernels.write_record(folder, build_kernels.write_kernels(folder, "mt2st.models.kernels.greatest"))
"""
LOAD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import numba
import numpy as np
from mt2st import prebuilt
prebuilt.FOLDER = Path(sys.argv[1]).parent
from mt2st.models.kernels.greatest import to_greatest
spread = np.zeros((3, 2), np.float32)
to_greatest(np.array([[5, 7]], np.float32), np.array([[2, 0]], np.int32), spread)
print(spread.tolist())
# A kernel that is compiled here may call it; with other types it is called in vain, as any kernel.
numba.njit(lambda *arrays: to_greatest(*arrays))(np.full((1, 2), 9, np.float32), np.zeros((1, 2), np.int32), spread)
print(spread[0].tolist())
try:
    to_greatest(1.0, 2.0, 3.0)
except TypeError:
    print("refused")
"""


def run(code: str, *arguments: str, **environment: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **environment})
    return done.stdout


@pytest.mark.skipif(LEVEL is None, reason="no code comes for this processor")
def test_kernels_that_came_run_as_written_and_are_not_compiled(tmp_path):
    folder, cache = tmp_path / "code" / LEVEL, tmp_path / "cache"
    run(BUILD, str(folder), LEVEL, str(ROOT), str(tmp_path / "build"))
    printed = run(LOAD, str(folder), str(ROOT / "src"), NUMBA_CACHE_DIR=str(cache))
    assert printed.splitlines() == ["[[0.0, 7.0], [0.0, 0.0], [5.0, 0.0]]", "[9.0, 9.0]", "refused"]
    assert list(cache.rglob("*.nbc")) == []
    # Not where Numba is told of another processor.
    run(LOAD, str(folder), str(ROOT / "src"), NUMBA_CACHE_DIR=str(cache), NUMBA_CPU_NAME="x86-64")
    assert len(list(cache.rglob("*.nbc"))) == 2


FIRST_RUN = """
import sys, mt2st
texts = ["a good film", "a bad film", "good acting", "bad acting", "very good", "very bad"] * 20
classifier = mt2st.TextClassifier().fit(texts, ["pos", "neg"] * 60)
assert classifier.predict(["a good plot"]).tolist() == ["pos"]
sentences = [text.split() for text in texts]
for method in ("skipgram", "cbow"):
    for subwords in (False, True):
        mt2st.train_vectors(sentences, method=method, subwords=subwords, vector_size=20, epochs=1)
"""


def test_an_installed_package_compiles_nothing_on_its_first_run(tmp_path):
    if Path(mt2st.__file__).parents[1].name != "site-packages":
        pytest.skip("mt2st is not installed, but run from a checkout")
    if sys.platform != "linux" or LEVEL is None:
        pytest.skip("no code comes for this processor")
    run(FIRST_RUN, NUMBA_CACHE_DIR=str(tmp_path))
    assert list(tmp_path.rglob("*.nbc")) == []
    assert list(tmp_path.rglob("*.o")) == []


def test_the_numba_that_makes_code_is_the_one_that_is_installed():
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    pinned = (ROOT / "constraints.txt").read_text()
    for package in ("numba", "numpy"):
        (requirement,) = [each for each in needed if each.startswith(package)]
        assert re.search(f"^{re.escape(requirement)}$", pinned, re.MULTILINE), f"constraints.txt has another {package}"
