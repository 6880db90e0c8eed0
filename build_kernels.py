"""Compile every kernel ahead, for `mt2st.prebuilt`: ``python build_kernels.py PACKAGE LEVEL``, called by setup.py.

Needs Numba and NumPy alone, and no processor of that level. Reads the sources beside this file.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SOURCES = Path(__file__).parent / "src"
# The readable reference is for tests; what several processes exchange needs torch.
LEFT_OUT = {"mt2st.embeddings.kernels.reference", "mt2st.training.ranks.changes"}


def build(package: Path, level: str) -> None:
    """Write the code of all kernels for a level into a copy of the package, and what it was made of; all or nothing."""
    from mt2st.prebuilt import FOLDER, PACKAGE

    folder = package / FOLDER.relative_to(PACKAGE) / level
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        write_all(folder, level)
    except BaseException:
        shutil.rmtree(folder)
        raise


def write_all(folder: Path, level: str) -> None:
    """Write the code of all kernels, compiled by as many processes as there are cores, then the record."""
    with TemporaryDirectory() as cache, ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        compile_for(level, cache)
        jobs = [pool.submit(write_scoring, folder), *(pool.submit(write_kernels, folder, name) for name in modules())]
        sources = set().union(*(job.result() for job in jobs))
    write_record(folder, sources)


def compile_for(level: str, cache: str) -> None:
    """Have Numba, in this process and those that it starts, compile for a level, which this processor may lack.

    Its cache is to be empty: what it has of a kernel may be of other sources of those that the kernel calls.
    """
    from mt2st.prebuilt import LEVELS

    os.environ["NUMBA_CACHE_DIR"] = cache
    os.environ["NUMBA_CPU_NAME"] = level
    # Without the last LLVM uses half of each register of AVX-512, which old ones of Intel's were slow with.
    os.environ["NUMBA_CPU_FEATURES"] = ",".join([*(f"+{feature}" for feature in LEVELS[level]), "-prefer-256-bit"])


def modules() -> Iterator[str]:
    """Yield the names of all modules with kernels."""
    for path in sorted(SOURCES.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
        if "\n@kernel(" in path.read_text(encoding="utf-8") and name not in LEFT_OUT:
            yield name


def write_kernels(folder: Path, name: str) -> set[str]:
    """Write the code of a module's kernels, and return all sources that this process has read."""
    from numba.core.dispatcher import Dispatcher

    from mt2st.prebuilt import kernel_name, write_code

    for value in vars(importlib.import_module(name)).values():
        # One that is always inlined has no code of its own.
        if isinstance(value, Dispatcher) and value.py_func.__module__ == name and value.overloads:
            write_code(folder / kernel_name(value.py_func), cached_code(value))
    return sources_read()


def cached_code(compiled: Any) -> bytes:
    """Return what Numba has in its cache of a kernel, which is compiled for one signature."""
    file = compiled._cache._cache_file
    (name,) = file._load_index().values()
    return Path(file._data_path(name)).read_bytes()


def write_scoring(folder: Path) -> set[str]:
    """Write the code that scores texts without Numba, and return all sources that this process has read."""
    from mt2st.machine_code import compile_functions
    from mt2st.models.scoring.kernels.compiled import FUNCTIONS
    from mt2st.prebuilt import write_code

    write_code(folder / "scoring.o", compile_functions(FUNCTIONS))
    return sources_read()


def sources_read() -> set[str]:
    """Return the paths in the package of all its modules that are imported."""
    own = [module for name, module in sys.modules.items() if name.partition(".")[0] == "mt2st"]
    return {str(Path(module.__file__ or "").relative_to(SOURCES / "mt2st")) for module in own}


def write_record(folder: Path, sources: set[str]) -> None:
    """Write what code was made of."""
    import numba

    from mt2st.prebuilt import RECORD, digests

    made = {"numba": numba.__version__, "python": sys.implementation.cache_tag, "sources": digests(sorted(sources))}
    (folder / RECORD).write_text(json.dumps(made, indent=1), encoding="utf-8")


sys.path.insert(0, str(SOURCES))
if __name__ == "__main__":
    build(Path(sys.argv[1]), sys.argv[2])
