"""``mt2st.TextClassifier``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from mt2st.estimators.fitting.going_on import GoesOn
from mt2st.estimators.inputs.auxiliary import read_helpers, without_own
from mt2st.estimators.inputs.bounds import check_flag
from mt2st.estimators.inputs.labelled import check_pairs
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.inputs.texts import check_texts, check_weights
from mt2st.estimators.saving.saved_files import as_path, is_small
from mt2st.strategies import Strategy

if TYPE_CHECKING:
    from sklearn.utils import Tags


class TextClassifier(GoesOn):
    """Classifies texts from few labels, helped by unlabelled text and by texts labelled for something else.

    First a table of word and pair vectors is trained on everything: a language model over all text
    and each auxiliary by a head of its own, while the primary's cross-validated accuracy
    is watched. When that stops rising the auxiliaries stop, and a convex fit of the head ends training: logistic
    regression on TF-IDF of words, pairs and character n-grams, and on the learned document vectors, together. With over
    1,000 labelled texts weights of words may vary as their log-count ratios do, see `mt2st.models.convex.evidence`.

    Parameters
    ----------
    strategy
        When the auxiliaries stop: ``"auto"``, when the primary's score has stopped rising; the share of the run at
        which they do, 0 to 1; or a strategy, such as ``mt2st.Diminish()``, or its name.
    passes
        Over all text, where nothing stops them.
    vector_size
        Dimensions of the learned vectors; 0 for none.
    pairs
        Whether pairs of adjacent words count beside words.
    ngrams
        Whether character n-grams do. ``"auto"``: where labelled texts are short, 64 words or fewer on the mean, or
        250,000 words or fewer in all.
    min_count
        Least occurrences, in all text, that a word needs to have a vector where no labelled text has it.
    pair_min_count
        Least occurrences, in all text, that a pair needs to have a vector.
    C
        How strongly the head follows the labels, as in scikit-learn; None to find it by cross-validation.
    class_weight
        ``"balanced"``, or what texts of each class count. Where a text may have several labels: what those with a label
        count for it; ``"balanced"`` has those with it and those without it count the same together.
    workers
        Threads. The language model is reproducible bit for bit with one.
    random_state
        The seed, a whole number; from NumPy's ``RandomState`` or ``Generator`` one is drawn at each fit.

    Attributes
    ----------
    classes_
        The labels, in order.
    several_
        Whether a text may have several labels.
    fitted_
        The finished model, which `predict` and ``save`` read.

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
        passes: float = 10.0,
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
            One of each text; or several, as lists, or as a matrix of ones and zeros (NumPy, SciPy, pandas, polars or
            Arrow), NaN where a label is not known. Where columns have names, these are the classes, in their order, and
            later tables' columns are found by name. A table of one column is one of each text, with a warning.
        sample_weight
            What each text counts, 0 to 1e9, together with its class's weight.
        unlabelled
            Further texts, which the language model reads too.
        auxiliary
            Texts with labels of another kind, by name: ``{"film": (texts, labels)}``. Those that are among the labelled
            texts are left out of them.

        Raises
        ------
        DataError, ConfigError
            Where data or a setting is not as it must be; the message says which.
        """
        from mt2st.estimators.fitting.fit_text import (
            fit_text,  # loads kernels, which take a second that others may not have
        )

        found = check_texts(texts)
        targets = Targets.of(labels)
        check_pairs(found, targets)
        weights = check_weights(sample_weight, len(found), some=False)
        counts = targets.counts(weights, self.class_weight)
        others = [] if unlabelled is None else check_texts(unlabelled, "unlabelled")
        helpers = without_own(read_helpers(auxiliary), found)
        self.fitted_ = fit_text(found, targets, counts, others, helpers, self.checked())
        self.__dict__.pop("tuning_", None)  # what was found was of other texts, or of other settings
        self.classes_, self.several_ = targets.classes, targets.several
        self._all = found, targets, weights
        return self

    def score(self, texts: Any, labels: Any, sample_weight: Any = None) -> float:
        """Return the share of texts whose label, or all of whose labels, are told right.

        A label that no text of `fit` had is told wrong, one that is not known is left out.
        """
        from mt2st.estimators.telling.judging import share_right

        self.finished()
        return share_right(self, texts, labels, sample_weight)

    def autotune(self, texts: Any, labels: Any, sample_weight: Any = None, **how: Any) -> Self:
        """Find the settings that suit labelled texts, set them and fit: `mt2st.autotune`, which has the parameters.

        ``tuning_`` has what was tried.
        """
        from mt2st.estimators.tuning.autotune import autotune

        self.__dict__.update(vars(autotune(self, texts, labels, sample_weight=sample_weight, **how)))
        return self

    def save(self, folder: str | Path, *, quantize: bool | None = None, texts: bool = False) -> None:
        """Write the classifier to a folder: safetensors, JSON and a model card. `mt2st.load` reads it.

        Parameters
        ----------
        folder
            Made, or replaced where it holds a classifier and nothing else.
        quantize
            Keep as few bits of a number as make it a tenth of the size, and neither vectors nor pairs that say little.
            None: where `autotune` found that its ``model_size`` asks for it.
        texts
            Keep the labelled texts too, for `nearest`: whoever has the folder can then read them.

        Raises
        ------
        DataError
            Where the folder has other files, or cannot be written; or a label is neither string nor number.
        ConfigError
            Where a parameter is out of its bounds, or ``folder`` is no path.
        """
        from mt2st.estimators.saving.classifier_writing import write_classifier

        self.finished()
        self.checked()
        check_flag("texts", texts)
        small = is_small(self, quantize)
        write_classifier(self, as_path(folder), small=small, texts=self.training_texts() if texts else None)
