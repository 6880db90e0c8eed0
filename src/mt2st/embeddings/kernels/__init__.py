"""Kernels that train the shared table in place.

None of them keeps state: random numbers come from a seed in the arguments.
"""
