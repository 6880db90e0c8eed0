import numpy as np
import pytest

from mt2st.embeddings import AliasTable
from mt2st.embeddings.kernels.memory import Tables, Text
from mt2st.embeddings.pairs import load_kernel
from mt2st.embeddings.table import whole_rows, zero_table
from mt2st.text import Ragged


class PairProblem:
    """Tables of random values, and what else the kernels of skip-gram and CBOW need, changed as a test likes."""

    def __init__(self, words=7, size=10, subwords=False, scale=0.3, seed=0):
        random = np.random.default_rng(seed)
        rows = words + 5 if subwords else words
        self.table, self.output = zero_table(rows, size), zero_table(words, size)
        self.table[:], self.output[:] = (
            random.normal(scale=scale, size=(rows, size)),
            random.normal(scale=scale, size=(words, size)),
        )
        # Rows are shared between words, and may be named twice by one.
        self.rows = [
            [word, *random.integers(words, rows, random.integers(0, 6) if subwords else 0)] for word in range(words)
        ]
        self.subwords, self.keep, self.alias = (
            subwords,
            np.ones(words, np.float32),
            AliasTable.of(1.0 + np.arange(words)),
        )

    def force(self, *rows):
        """Make these rows the only negatives."""
        self.alias = AliasTable.of(np.bincount(rows, minlength=len(self.output)).astype(np.float64))

    def train(self, method, sentences, plain=False, order=None, window=2, negative=3, rate=0.05, seed=42):
        """Call the fast kernel or the plain one: loss, pairs, words, pairs that were not finite."""
        corpus = Ragged.from_lists(sentences)
        index = Ragged.from_lists(self.rows)
        width = whole_rows(self.table).shape[1]
        tables = Tables(
            whole_rows(self.table),
            whole_rows(self.output),
            np.empty((0, width), np.float32),
            index.offsets if self.subwords else np.empty(0, np.int64),
            index.ids if self.subwords else np.empty(0, np.int32),
        )
        order = np.arange(len(corpus)) if order is None else np.array(order, np.int64)
        text = Text(corpus.ids, corpus.offsets, order, self.keep, self.alias.packed())
        numbers = window, negative, np.float32(rate), np.uint64(seed)
        if plain:
            from mt2st.embeddings.kernels import reference

            return reference.reference_update(method == "cbow", tables, text, *numbers)
        kernel, signs, space = load_kernel(method)
        return kernel(tables, text, *numbers, signs, *space(width, window, negative))


@pytest.fixture(scope="session")
def pair_problem():
    """Return the class of problems for skip-gram's and CBOW's kernels."""
    return PairProblem
