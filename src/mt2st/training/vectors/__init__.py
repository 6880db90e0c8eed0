"""Word vectors out of text: encoded, counted, trained by quanta, saved on the way, gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.training.vectors.progress import Progress as Progress
    from mt2st.training.vectors.train import train_vectors as train_vectors

# Imported when first used: settings can be checked, and help be shown, without any engine.
_HOME = {"Progress": ".progress", "train_vectors": ".train"}

__all__ = ["Progress", "train_vectors"]

__getattr__ = lazily(__name__, _HOME)
