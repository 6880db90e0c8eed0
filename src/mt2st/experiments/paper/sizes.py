"""The sizes of the experiment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The numbers that every cell shares.

    Attributes
    ----------
    labels, development, test
        Numbers of reviews. The paper has 750 for training, and 250 for testing and selection.
    pool
        Number of labelled reviews that each seed draws from; the vocabulary includes the text of all of them.
    unlabelled
        Number of reviews for the initial vectors.
    language_reviews, language_passes
        Number of reviews for the language model, and of passes over them if it is never switched off.
    max_words
        Number of words used of a review, the first, as in the paper's code.
    epochs, batch
        Passes over the labelled reviews, and reviews per step.
    vector_size, hidden_size
        Size of word vectors, and of each direction of the BiLSTM.
    vector_epochs
        Passes over the unlabelled reviews.
    lexical_batch
        Entries of a word list per step.
    min_count
        Minimum count of a word.
    """

    labels: int = 750
    development: int = 250
    test: int = 5000
    pool: int = 5000
    unlabelled: int = 25_000
    language_reviews: int = 5000
    language_passes: float = 2.0
    max_words: int = 100
    epochs: int = 25
    batch: int = 50
    vector_size: int = 64
    hidden_size: int = 32
    vector_epochs: int = 5
    lexical_batch: int = 128
    min_count: int = 5

    @property
    def steps_an_epoch(self) -> int:
        """Return the number of steps of a pass."""
        return -(-self.labels // self.batch)


WHOLE = Sizes()
QUICK = Sizes(
    test=1000,
    pool=2000,
    unlabelled=3000,
    language_reviews=1000,
    max_words=50,
    epochs=8,
    vector_size=32,
    hidden_size=16,
    lexical_batch=64,
)
