"""Encoders, heads and optimisers in PyTorch; nothing else in `mt2st.models` needs it."""

from __future__ import annotations

from mt2st.errors import MissingExtraError

try:
    import torch  # noqa: F401
except ImportError as error:
    raise MissingExtraError("what mt2st does with PyTorch", extra="torch") from error
