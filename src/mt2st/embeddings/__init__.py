"""The shared table of word vectors, the kernels that train it in place, and what they sample from."""

from mt2st.embeddings.sampling import AliasTable, keep_probability, smooth_inverse_frequency
from mt2st.embeddings.table import aligned_zeros, new_table

__all__ = ["AliasTable", "aligned_zeros", "keep_probability", "new_table", "smooth_inverse_frequency"]
