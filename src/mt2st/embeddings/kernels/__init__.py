"""Numba kernels: plain loops over arrays, each compiled once for the processor it runs on and cached.

None of them keeps state: random numbers come from a seed in the arguments. ``FASTMATH`` allows re-ordered sums, which
vectorise, but keeps infinities and NaN, which the kernels look for.
"""

FASTMATH = {"contract", "reassoc", "nsz", "arcp"}
