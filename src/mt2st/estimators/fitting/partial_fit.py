"""Incremental fitting: a text classifier continues with further labelled texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.inputs.fit_settings import FitSettings
from mt2st.estimators.inputs.parameters import check_parameters
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.inputs.texts import check_labels, check_same_length, check_texts, check_weights, ordered
from mt2st.estimators.outputs.inspection import InspectableClassifier


class IncrementalClassifier(InspectableClassifier):
    """The part of `mt2st.TextClassifier` that continues with further labelled texts."""

    class_weight: Mapping[Any, float] | str | None

    def partial_fit(self, texts: Any, labels: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Continue with further labelled texts: vectors stay, the head is fitted to all texts, with new columns.

        New words, pairs and n-grams get weights of their own, but no vectors, and no scores from auxiliaries.

        Parameters
        ----------
        texts, labels, sample_weight
            As in `fit`.
        classes
            All labels that there will be; needed at the first call if its texts do not have them all. Later the same or
            None.

        Raises
        ------
        DataError
            As `fit`; if later ``classes`` differ; if the classifier was loaded from a folder, which lacks the data that
            the head is fitted to.
        """
        from mt2st.estimators.fitting.fit_text import fit_text, refit_head

        found = check_texts(texts)
        seen = self._all
        first = not hasattr(self, "fitted_")
        if not first and seen is None:
            raise DataError(
                "a classifier read from a folder cannot go on, as auxiliaries' heads and what its probabilities were "
                "calibrated by are not kept there: fit one to all texts (training_texts() has those saved with it)"
            )
        known = self._known(classes)
        targets = Targets.of(labels, known, several=not first and self.several_, remedy="name it in the first classes")
        weights = check_weights(sample_weight, len(found), some=False)
        check_same_length(found, targets.groups)
        if seen is None:
            sample_weight = targets.sample_weight(weights, self.class_weight)
            self.fitted_ = fit_text(found, targets, sample_weight, [], {}, self.checked())
        else:
            before, earlier, counted = seen
            found, targets = before + found, earlier.followed_by(targets)
            weights = np.concatenate([counted, weights])
            sample_weight = targets.sample_weight(weights, self.class_weight)
            self.fitted_ = refit_head(self.fitted_, found, len(before), targets, sample_weight, self.checked())
        self.classes_, self.several_, self._all = targets.classes, targets.several, (found, targets, weights)
        return self

    def _known(self, classes: Any) -> NDArray[Any] | None:
        """Return all possible labels, from ``classes`` or an earlier call; None if not given yet."""
        told = None if classes is None else ordered(check_labels(classes, "classes"), "classes")
        if not hasattr(self, "fitted_"):
            return told
        if told is not None and not np.array_equal(told, ordered(self.classes_)):
            raise DataError(f"classes are {told.tolist()}, were {self.classes_.tolist()}: leave them out, or fit anew")
        return self.classes_

    def checked(self) -> FitSettings:
        """Return the parameters, checked; a `ConfigError` names one that is out of its bounds."""
        return check_parameters(vars(self))  # not get_params: a subclass may fix some of them
