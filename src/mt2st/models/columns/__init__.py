"""Texts as rows of a sparse TF-IDF matrix with a column for each word, pair of adjacent words and character n-gram."""

from mt2st.models.columns.columns import TextColumns, TextRows, Weighed
from mt2st.models.columns.numbering import UNKNOWN, Numbered, WordNumbers

__all__ = ["UNKNOWN", "Numbered", "TextColumns", "TextRows", "Weighed", "WordNumbers"]
