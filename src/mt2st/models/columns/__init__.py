"""Texts as columns of one wide matrix: words, pairs of adjacent words, and character n-grams, weighed by TF-IDF."""

from mt2st.models.columns.columns import TextColumns, TextRows, Weighed
from mt2st.models.columns.numbering import UNKNOWN, Numbered, WordNumbers

__all__ = ["UNKNOWN", "Numbered", "TextColumns", "TextRows", "Weighed", "WordNumbers"]
