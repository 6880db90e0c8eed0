"""The shared table of word vectors, the kernels that train it in place, what they sample from; and finished vectors."""

from mt2st.embeddings.sampling import AliasTable, keep_probability, smooth_inverse_frequency
from mt2st.embeddings.table import aligned_zeros, new_table
from mt2st.embeddings.words.judgement import judge_analogies, judge_pairs
from mt2st.embeddings.words.vectors import SubwordRows, WordVectors

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
