"""The width of the vector registers that Numba compiles for."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
import numba

config: Any = numba.config


def has_wide_registers() -> bool:
    """Return whether Numba compiles for AVX-512: 32 registers of 16 floats. If not, 16 of 8 floats are assumed."""
    if config.CPU_FEATURES or config.CPU_NAME:
        return "+avx512f" in (config.CPU_FEATURES or "")
    return bool(llvm.get_host_cpu_features().get("avx512f"))


WIDE = has_wide_registers()
LANES = 16 if WIDE else 8
