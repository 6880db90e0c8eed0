"""Compiled kernels of encoders."""
