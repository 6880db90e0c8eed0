"""Machine code of kernels, compiled when the package was built, so that the first run need not compile them.

It is for one level of x86-64 processors, and for the sources, the Python and the Numba that it was made of. Everywhere
else kernels are compiled on first use. `build_kernels.py` writes it; a checkout that is not installed has none.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from llvmlite import binding as llvm

from mt2st.whole_file import write_whole

PACKAGE = Path(__file__).parent
FOLDER = PACKAGE / "prebuilt_code"
# What code is made of, in each level's folder.
RECORD = "made.json"
# What LLVM calls the features of each level, the best first: levels of the x86-64 ABI.
_V3 = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")
LEVELS = {
    "x86-64-v4": (*_V3, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
    "x86-64-v3": _V3,
}


def level_of(features: Mapping[str, bool]) -> str | None:
    """Return the x86-64 level of a processor with these features; None below the lowest, or with AVX-512 in part.

    Kernels lay out their tables for AVX-512 where there is any, so that a lower level's do not fit.
    """
    best = next((level for level, needed in LEVELS.items() if all(features.get(each) for each in needed)), None)
    return None if best == "x86-64-v3" and features.get("avx512f") else best


def kernel_name(function: Callable[..., Any]) -> str:
    """Return the name of a kernel's file."""
    return f"{function.__module__}.{function.__qualname__}"


def kernel_code(function: Callable[..., Any], numba_version: str) -> bytes | None:
    """Return a kernel as Numba's cache would store it, pickled; None if it has to be compiled."""
    found = _found()
    if found is None or found[1]["numba"] != numba_version or found[1]["python"] != sys.implementation.cache_tag:
        return None
    return read_code(found[0] / kernel_name(function))


def object_code(name: str) -> bytes | None:
    """Return machine code to load without Numba; None if it has to be compiled."""
    found = _found()
    return None if found is None else read_code(found[0] / f"{name}.o")


@cache
def _found() -> tuple[Path, dict[str, Any]] | None:
    """Return the folder of code for this processor and its record; None if there is none or the sources changed."""
    folder = FOLDER / (level_of(llvm.get_host_cpu_features()) or "none")
    with suppress(OSError):
        made: dict[str, Any] = json.loads((folder / RECORD).read_bytes())
        if made["sources"] == digests(made["sources"]):
            return folder, made
    return None


def digests(sources: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of the package's files by their paths in it."""
    return {path: hashlib.sha256((PACKAGE / path).read_bytes()).hexdigest() for path in sources}


def read_code(file: Path) -> bytes | None:
    """Return the code in a file; None if the file is missing or damaged."""
    with suppress(OSError):
        data = file.read_bytes()
        if hashlib.sha256(data[:-32]).digest() == data[-32:]:
            return data[:-32]
    return None


def write_code(file: Path, code: bytes) -> None:
    """Write code for `read_code`."""
    write_whole(file, code + hashlib.sha256(code).digest())
