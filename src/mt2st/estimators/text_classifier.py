"""``mt2st.TextClassifier``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mt2st.estimators.fitting.partial_fit import IncrementalClassifier
from mt2st.estimators.inputs.auxiliary import read_helpers, without_own
from mt2st.estimators.inputs.bounds import check_flag
from mt2st.estimators.inputs.labelled import check_pairs
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.inputs.texts import check_texts, check_weights
from mt2st.estimators.saving.saved_files import as_path, is_small
from mt2st.strategies import Strategy

if TYPE_CHECKING:
    from sklearn.utils import Tags


class TextClassifier(IncrementalClassifier):
    """Classifies texts from few labels, and can learn from unlabelled text and from labels of other tasks too.

    First a table of word and pair vectors is trained on everything: a language model on all text, and each auxiliary
    with a head of its own, until the cross-validated accuracy of the primary stops rising. A convex fit of the head
    then ends training: logistic regression on TF-IDF of words, pairs and character n-grams together with the learned
    document vectors. With over 1,000 labelled texts, words are regularised by their log-count ratios, see
    `mt2st.models.convex.evidence`.

    Parameters
    ----------
    strategy
        When the auxiliaries stop: ``"auto"``, when the primary's score has stopped rising; a share of the run, 0 to 1;
        or a strategy, such as ``mt2st.Diminish()``, or its name.
    passes
        Passes of the language model over all text, if nothing stops training earlier. ``"auto"``: 10 over up to 3
        million words; over more, as many as read 30 million words in all, but at least 3, and at least 5 with over 500
        labelled texts; none if the other texts have fewer than 30,000 words, as vectors learned from the labelled texts
        alone do not improve accuracy. Fewer than 10 begin at a higher learning rate.
    vector_size
        Dimensions of the learned vectors; 0 for none.
    pairs
        Whether to use pairs of adjacent words as well as words.
    ngrams
        Whether to use character n-grams. ``"auto"``: if the labelled texts have a mean of at most 64 words, or at most
        250,000 words in all.
    min_count
        Minimum number of occurrences, in all text, for a word that no labelled text has to get a vector.
    pair_min_count
        Minimum number of occurrences, in all text, for a pair to get a vector.
    C
        Inverse strength of the head's regularisation, as in scikit-learn; None to find it by cross-validation.
    class_weight
        ``"balanced"``, or a weight for the texts of each class. With several labels per text it is, for each label, the
        weight of the texts that have it; ``"balanced"`` gives those with and those without it the same total weight.
        Probabilities are then calibrated for texts in these proportions.
    workers
        Threads. With 1 the model is reproducible bit for bit, in joblib's workers too.
    random_state
        The seed, an integer; or NumPy's ``RandomState`` or ``Generator``, from which one is drawn at each fit.

    Attributes
    ----------
    classes_
        The labels, sorted.
    several_
        Whether a text may have several labels.
    fitted_
        The finished model, which `predict` and ``save`` use.

    Examples
    --------
    >>> texts = ["good film", "bad film", "good plot", "bad plot", "very good", "very bad"]
    >>> classifier = TextClassifier().fit(texts, ["pos", "neg"] * 3)
    >>> classifier.predict(["a good one", "a bad one"]).tolist()
    ['pos', 'neg']
    """

    def __init__(
        self,
        *,
        strategy: str | float | Strategy = "auto",
        passes: float | str = "auto",
        vector_size: int = 100,
        pairs: bool = True,
        ngrams: bool | str = "auto",
        min_count: int = 5,
        pair_min_count: int = 20,
        C: float | None = None,  # noqa: N803
        class_weight: Mapping[Any, float] | str | None = None,
        workers: int = 1,
        random_state: int | np.random.RandomState | np.random.Generator | None = 0,
    ) -> None:
        self.strategy = strategy
        self.passes = passes
        self.vector_size = vector_size
        self.pairs = pairs
        self.ngrams = ngrams
        self.min_count = min_count
        self.pair_min_count = pair_min_count
        self.C = C
        self.class_weight = class_weight
        self.workers = workers
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        from sklearn.utils import ClassifierTags

        tags = super().__sklearn_tags__()
        tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags(multi_label=True)
        tags.input_tags.one_d_array = True
        return tags

    def fit(
        self,
        texts: Any,
        labels: Any,
        sample_weight: Any = None,
        *,
        unlabelled: Any = None,
        auxiliary: Mapping[str, tuple[Any, Any]] | None = None,
    ) -> Self:
        """Train on labelled texts.

        Parameters
        ----------
        texts
            Strings: a list, or a column of NumPy, pandas, polars or Arrow.
        labels
            One label per text; or several, as lists, or as a matrix of ones and zeros of shape (texts, labels) (NumPy,
            SciPy, pandas, polars or Arrow), NaN if a label is not known. If its columns have names, these are the
            classes, in their order, and the columns of later tables are found by name. A table of one column is one
            label per text, with a warning.
        sample_weight
            A weight for each text, 0 to 1e9, by which its class weight is multiplied.
        unlabelled
            More texts, for the language model.
        auxiliary
            Texts with labels of other tasks, by name: ``{"film": (texts, labels)}``. Texts that are also among the
            labelled ones are left out.

        Raises
        ------
        DataError, ConfigError
            If data or a setting is invalid; the message says which.
        """
        from mt2st.estimators.fitting.fit_text import (
            fit_text,  # loads kernels, which take a second that others may not have
        )

        found = check_texts(texts)
        targets = Targets.of(labels)
        check_pairs(found, targets)
        weights = check_weights(sample_weight, len(found), some=False)
        sample_weight = targets.sample_weight(weights, self.class_weight)
        others = [] if unlabelled is None else check_texts(unlabelled, "unlabelled")
        helpers = without_own(read_helpers(auxiliary), found)
        self.fitted_ = fit_text(found, targets, sample_weight, others, helpers, self.checked())
        self.__dict__.pop("tuning_", None)  # it would describe other texts or settings
        self.classes_, self.several_ = targets.classes, targets.several
        self._all = found, targets, weights
        return self

    def score(self, texts: Any, labels: Any, sample_weight: Any = None) -> float:
        """Return the accuracy: the share of texts whose label, or all of whose labels, are predicted right.

        A label that no text of `fit` had counts as misclassified; one that is not known is left out.
        """
        from mt2st.estimators.outputs.evaluation import share_right

        self.finished()
        return share_right(self, texts, labels, sample_weight)

    def autotune(self, texts: Any, labels: Any, sample_weight: Any = None, **how: Any) -> Self:
        """Search for the best settings, set them and fit; the parameters are those of `mt2st.autotune`.

        ``tuning_`` has the trials.
        """
        from mt2st.estimators.tuning.autotune import autotune

        self.__dict__.update(vars(autotune(self, texts, labels, sample_weight=sample_weight, **how)))
        return self

    def save(self, folder: str | Path, *, quantize: bool | None = None, texts: bool = False) -> None:
        """Write the classifier to a folder: safetensors, JSON and a model card. `mt2st.load` reads it.

        Parameters
        ----------
        folder
            Made if it is missing; replaced if it holds a classifier and nothing else.
        quantize
            Save in a tenth of the space: numbers in few bits, without vectors and without pairs of little weight.
            None: if `autotune` found that its ``model_size`` requires it.
        texts
            Save the labelled texts too, for `nearest`: whoever has the folder can then read them.

        Raises
        ------
        DataError
            If the folder has other files, or cannot be written, or a label is neither a string nor a number.
        ConfigError
            If a parameter is out of bounds, or ``folder`` is not a path.
        """
        from mt2st.estimators.saving.classifier_writing import write_classifier

        self.finished()
        self.checked()
        check_flag("texts", texts)
        small = is_small(self, quantize)
        write_classifier(self, as_path(folder), small=small, texts=self.training_texts() if texts else None)
