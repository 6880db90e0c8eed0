"""Auxiliaries that learn from word lists: similarity scores, analogies and dictionaries."""

from mt2st.training.lexical.word_lists import WordList, read_word_list

__all__ = ["WordList", "read_word_list"]
