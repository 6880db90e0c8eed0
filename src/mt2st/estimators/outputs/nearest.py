"""The texts most similar to a given one, by the cosine of document vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.fitting.blocks import column_blocks
from mt2st.estimators.inputs.bounds import Bounds, check_number

if TYPE_CHECKING:
    from mt2st.estimators.fitting.fitted import Fitted


class Neighbour(NamedTuple):
    """A text similar to another: its label, None if it has none, and the cosine of their vectors."""

    text: str
    label: Any
    cosine: float


def directions(fitted: Fitted, texts: Sequence[str]) -> Any:
    """Return the document vector of each text, with length 1; zeros for a text without a known word.

    Learned vectors if there are any, else the TF-IDF columns of words, pairs and n-grams as a sparse matrix.
    """
    rows, vectors = fitted.model.columns.rows(texts), fitted.vectors
    if vectors is not None:
        found = vectors.of_texts(rows).astype(np.float64)
        return found / _lengths(np.linalg.norm(found, axis=1))[:, None]
    from scipy.sparse import diags_array, hstack

    blocks = hstack(column_blocks(rows)).tocsr().astype(np.float64)
    return (diags_array(1 / _lengths(np.sqrt(blocks.multiply(blocks).sum(1)))) @ blocks).tocsr()


def _lengths(found: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.asarray(found, np.float64).ravel()
    return np.where(found > 0, found, 1.0)


@dataclass(frozen=True)
class Neighbourhood:
    """Texts with which others are compared.

    Attributes
    ----------
    fitted
        Computes the vectors of texts.
    texts, labels
        The texts and their labels.
    vectors
        Their vectors, from `directions`.
    """

    fitted: Fitted
    texts: Sequence[str]
    labels: Sequence[Any]
    vectors: Any

    @classmethod
    def of(cls, fitted: Fitted, texts: Sequence[str], labels: Sequence[Any]) -> Self:
        """Compute the texts' vectors."""
        return cls(fitted, texts, labels, directions(fitted, texts))

    def nearest(self, text: str, topn: int) -> list[Neighbour]:
        """Return the ``topn`` most similar texts, first the text itself, then by cosine; if equal, in their order.

        Raises
        ------
        ConfigError
            If ``topn`` is not a whole number of 1 or more.
        DataError
            If the text has no word that occurred in training.
        """
        check_number("topn", topn, Bounds(True, 1))
        own = directions(self.fitted, [text])
        if not abs(own).sum():
            raise DataError(
                f"no word of the text {text[:40]!r} is known: no example is near it; give one with known words"
            )
        found = self.vectors @ own.T
        cosines = np.asarray(found if isinstance(found, np.ndarray) else found.toarray())[:, 0].clip(-1.0, 1.0)
        # The text itself is the nearest, though rounding may take one of the same words in another order for nearer.
        others = np.array([each != text for each in self.texts])
        best = np.lexsort((-cosines, others))[:topn].tolist()
        return [Neighbour(self.texts[at], self.labels[at], float(cosines[at])) for at in best]
