"""Documents as means of their words and word pairs, trained on the shared table: state and calls of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.embeddings.pairs import Kernel, PairModel
from mt2st.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.text import Ragged


class DocumentModel(PairModel):
    """Trains the rows of a shared table so that a document's mean predicts its words against random ones.

    With E the table, O the output rows, and C the rows of a document's words and word pairs, the loss of a word w that
    sub-sampling keeps, with k words n drawn in proportion to ``count ** 0.75``, is:

        h = mean(E[c] for c in C but w's own)
        L = -log(sigmoid(O[w] . h)) - sum(log(sigmoid(-O[n] . h)))

    Words and pairs of the same documents so get similar rows, however far apart they stand, which suits classifiers of
    documents; skip-gram's windows of a few words capture more of grammar.

    Each row of E and of O has a learning rate of its own, which falls with its gradients so far (AdaGrad, with one sum
    for each row): ``rate / sqrt(1 + sum(|gradient| ** 2) / 100)``.

    Parameters
    ----------
    table
        The shared table, (rows, vector_size), made by `new_table`, changed in place: words first, then pairs.
    counts
        How often each word occurs, (words,).
    documents
        The rows of each document, its words' and its pairs', in the order of the sentences that `advance` is given.
    negative, sample, seed, threads
        As of `PairModel`. The default of ``sample`` is lower than a window's, as a document has many frequent words.

    Raises
    ------
    ConfigError, DataError
        Where a setting is out of its bounds, or a document has a row that the table has not.

    Notes
    -----
    M. Pagliardini, P. Gupta and M. Jaggi, "Unsupervised learning of sentence embeddings using compositional n-gram
    features", 2018 (Sent2Vec), for whole documents. A row moves by 10 / size of the gradients of its document's means
    together, by all of them in one of up to ten rows: the exact derivative of the mean, 1 / size, learns slowly.

    Examples
    --------
    >>> from mt2st.embeddings import new_table
    >>> from mt2st.text import Ragged
    >>> documents = Ragged.from_lists([[0, 1, 0, 1], [2, 3, 2, 3]])
    >>> table = new_table(4, 10, seed=1)
    >>> model = DocumentModel(table, np.array([4, 4, 4, 4]), documents, negative=2, sample=0)
    >>> losses = [model.advance(documents, np.arange(2), rate=0.5, key=key).loss for key in range(200)]
    >>> losses[0] > 2 * losses[-1], bool(table[0] @ table[2] < table[0] @ table[1])
    (True, True)
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        counts: NDArray[np.int64],
        documents: Ragged,
        *,
        negative: int = 5,
        sample: float = 1e-4,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        documents.check_below(len(table), "documents")
        self.documents = documents
        self.squares = np.zeros(len(table), np.float32)
        self.output_squares = np.zeros(len(counts), np.float32)
        super().__init__(table, counts, negative=negative, sample=sample, seed=seed, threads=threads)

    def advance(self, sentences: Ragged, order: NDArray[np.int64], rate: float, key: int) -> Any:
        """Train on some documents, whose words by number are ``sentences``; see `PairModel.advance`."""
        if len(sentences) != len(self.documents):
            raise DataError(
                f"lists of words and documents must be as many, {len(sentences)} and {len(self.documents)} found"
            )
        return super().advance(sentences, order, rate, key)

    def _reach(self) -> tuple[Any, ...]:
        return self.documents.ids, self.documents.offsets, self.squares, self.output_squares

    def _load_kernel(self) -> Kernel:
        from mt2st.embeddings.kernels import document
        from mt2st.embeddings.kernels.means import SIGNS

        return document.document_update, SIGNS, document.document_space

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what training changes beside the table, live."""
        return {**super().arrays(), "squares": self.squares, "output_squares": self.output_squares}
