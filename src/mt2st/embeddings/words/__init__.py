"""Finished word vectors: words with their rows, and queries."""
