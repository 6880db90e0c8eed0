"""Scoring texts directly from their bytes, by code that is compiled once and then needs no Numba."""
