"""The shared table of word vectors, the kernels that train it, the sampling distributions, and finished vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.embeddings.sampling import AliasTable, keep_probability, smooth_inverse_frequency
    from mt2st.embeddings.table import aligned_zeros, new_table
    from mt2st.embeddings.words.judgement import judge_analogies, judge_pairs
    from mt2st.embeddings.words.vectors import SubwordRows, WordVectors

# Imported on first use, since most compile or load kernels.
_HOME = {
    "AliasTable": "mt2st.embeddings.sampling",
    "SubwordRows": "mt2st.embeddings.words.vectors",
    "WordVectors": "mt2st.embeddings.words.vectors",
    "aligned_zeros": "mt2st.embeddings.table",
    "judge_analogies": "mt2st.embeddings.words.judgement",
    "judge_pairs": "mt2st.embeddings.words.judgement",
    "keep_probability": "mt2st.embeddings.sampling",
    "new_table": "mt2st.embeddings.table",
    "smooth_inverse_frequency": "mt2st.embeddings.sampling",
}

__all__ = [
    "AliasTable",
    "SubwordRows",
    "WordVectors",
    "aligned_zeros",
    "judge_analogies",
    "judge_pairs",
    "keep_probability",
    "new_table",
    "smooth_inverse_frequency",
]

__getattr__ = lazily(__name__, _HOME)
