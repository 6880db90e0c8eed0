"""Word co-occurrence counts: counted in sorted runs, merged, and shuffled on disk."""

from mt2st.embeddings.cooccurrence.counting import Cooccurrences, count_cooccurrences

__all__ = ["Cooccurrences", "count_cooccurrences"]
