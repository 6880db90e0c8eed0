"""Scores of texts straight from their bytes, by code that is compiled once and needs no Numba afterwards."""
