"""Training word vectors on text: encoding, counting, training by quanta, checkpoints, resuming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.training.vectors.progress import Progress as Progress
    from mt2st.training.vectors.train import train_vectors as train_vectors

# Imported when first used, so that checking settings, or showing help, does not load Numba.
_HOME = {"Progress": ".progress", "train_vectors": ".train"}

__all__ = ["Progress", "train_vectors"]

__getattr__ = lazily(__name__, _HOME)
