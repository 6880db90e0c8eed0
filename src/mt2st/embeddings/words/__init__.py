"""Finished word vectors: words with their rows, and what is asked of them."""
