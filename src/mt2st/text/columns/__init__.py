"""Texts as columns of one wide matrix: words, pairs of adjacent words, and character n-grams, weighed by TF-IDF."""

from mt2st.text.columns.columns import TextColumns, Weighed
from mt2st.text.columns.numbering import UNKNOWN, Numbered, WordNumbers, count_words

__all__ = ["UNKNOWN", "Numbered", "TextColumns", "Weighed", "WordNumbers", "count_words"]
