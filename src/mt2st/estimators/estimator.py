"""The interface of scikit-learn's estimators without importing scikit-learn, which takes longer than a short fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

from mt2st.estimators.when_imported import when_imported

if TYPE_CHECKING:
    from sklearn.utils import Tags

    from mt2st.estimators.tuning.trial import Tuning


class Alone:
    """The base class of `Estimator` until scikit-learn is imported, whose `BaseEstimator` then replaces it.

    It only gets, sets and shows parameters, as training and prediction need no more.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        """Return the parameters by name; ``deep`` has no effect, as none is an estimator itself."""
        return {name: getattr(self, name) for name in defaults(type(self))}

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name.

        Raises
        ------
        ValueError
            If there is no parameter of a name.
        """
        known = list(defaults(type(self)))
        for name, value in params.items():
            if name not in known:
                raise ValueError(f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {known!r}.")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        usual, own = defaults(type(self)), self.get_params()
        told = [f"{name}={own[name]!r:.100}" for name in own if repr(own[name]) != repr(usual[name])]
        return f"{type(self).__name__}({', '.join(told)})"


class Estimator(Alone):
    """An estimator in the sense of scikit-learn; a subclass of its `BaseEstimator` once scikit-learn is imported.

    Attributes
    ----------
    tuning_
        The trials of `mt2st.autotune`, if it found the settings.
    set_fit_request
        Added by scikit-learn once imported: chooses the arguments routed to ``fit``.
    """

    tuning_: Tuning
    set_fit_request: Callable[..., Self]

    def check_fitted(self, attribute: str) -> None:
        """Raise scikit-learn's ``NotFittedError`` if the attribute is not set yet."""
        if attribute not in self.__dict__:
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet: call fit first.")

    def __sklearn_tags__(self) -> Tags:
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(None, TargetTags(required=True), input_tags=InputTags(string=True, two_d_array=False))


def defaults(kind: type[Alone]) -> dict[str, Any]:
    """Return the names of a class's parameters, sorted, with their defaults, ignoring ``**kwargs``."""
    own = inspect.signature(kind.__init__).parameters
    names = sorted(name for name in own if name != "self" and own[name].kind != inspect.Parameter.VAR_KEYWORD)
    return {name: own[name].default for name in names}


def _join(base: ModuleType) -> None:
    """Make all estimators, including existing ones, subclasses of scikit-learn's ``BaseEstimator``."""
    Estimator.__bases__ = (base.BaseEstimator,)
    kinds = [Estimator]
    for kind in kinds:
        kinds += kind.__subclasses__()
        # Here scikit-learn adds set_fit_request to a class; a subclass's own __init_subclass__ has already run.
        super(Estimator, kind).__init_subclass__()


when_imported("sklearn.base", _join)
