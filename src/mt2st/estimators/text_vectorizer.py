"""``mt2st.TextVectorizer``."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.inputs.parameters import check_parameters
from mt2st.estimators.inputs.texts import check_texts


class TextVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns texts into document vectors: weighted means of the word and pair vectors that a language model learns.

    Parameters
    ----------
    vector_size, passes, pairs, min_count, pair_min_count, workers, random_state
        As in `mt2st.TextClassifier`.

    Attributes
    ----------
    vectors_
        The table of vectors, and the scaling of document vectors.

    Examples
    --------
    >>> texts = ["cats purr and dogs bark", "dogs bark and cats purr", "stocks fall as banks fail"] * 30
    >>> vectors = TextVectorizer(vector_size=8, passes=50.0, min_count=1).fit_transform(texts)
    >>> vectors.shape, bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
    ((90, 8), True)
    """

    def __init__(
        self,
        *,
        vector_size: int = 100,
        passes: float | str = "auto",
        pairs: bool = True,
        min_count: int = 5,
        pair_min_count: int = 20,
        workers: int = 1,
        random_state: int | None = 0,
    ) -> None:
        self.vector_size = vector_size
        self.passes = passes
        self.pairs = pairs
        self.min_count = min_count
        self.pair_min_count = pair_min_count
        self.workers = workers
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.transformer_tags.preserves_dtype = []
        return tags

    def fit(self, texts: Any, labels: Any = None, *, unlabelled: Any = None) -> Self:  # noqa: ARG002
        """Learn vectors from texts, and from unlabelled ones; labels are ignored."""
        from mt2st.estimators.fitting.language import learn_vectors  # loads kernels

        if not self.vector_size or not self.passes:
            raise ConfigError("vector_size and passes must be above 0: without them there are no vectors")
        found = check_texts(texts)
        if not found:
            raise DataError("texts: none found, vectors need some to be learned from")
        more = [] if unlabelled is None else check_texts(unlabelled, "unlabelled")
        settings = check_parameters({"strategy": "auto", "ngrams": False, "C": None, **vars(self)})
        self.columns_, self.vectors_ = learn_vectors(found, more, settings)
        return self

    def transform(self, texts: Any) -> NDArray[np.float32]:
        """Return vectors of shape (texts, vector_size), scaled to a mean length of 1 on the texts of `fit`."""
        check_is_fitted(self, "vectors_")
        return self.vectors_.of_texts(self.columns_.rows(check_texts(texts)))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:  # noqa: ARG002
        """Return a name for each dimension."""
        check_is_fitted(self, "vectors_")
        return np.array([f"vector{number}" for number in range(len(self.vectors_.mean))], dtype=object)
