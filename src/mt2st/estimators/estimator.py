"""What scikit-learn asks of an estimator, without importing it: that takes two seconds, which training may not."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from sklearn.utils import Tags

    from mt2st.estimators.tuning.trial import Tuning


class Alone:
    """The base of `Estimator` while nobody has imported scikit-learn.

    Python changes the bases of no class that has none but ``object``.
    """


class Estimator(Alone):
    """An estimator by scikit-learn's contract; an instance of its `BaseEstimator` as soon as somebody has imported it.

    Parameters are told, set and shown here, as training and prediction need no more. `BaseEstimator` then adds
    requests for metadata (``set_fit_request``) and pages for notebooks.

    Attributes
    ----------
    tuning_
        What `mt2st.autotune` tried, where it found the settings.
    """

    tuning_: Tuning

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Make an estimator, one of scikit-learn's own where that has been imported."""
        _join()
        return super().__new__(cls)

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        """Return the parameters' names, sorted, with their defaults."""
        own = inspect.signature(cls.__init__).parameters
        return {name: own[name].default for name in sorted(own) if name != "self"}

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        """Return the parameters by name; ``deep`` or not, as none is an estimator itself."""
        return {name: getattr(self, name) for name in self._defaults()}

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name.

        Raises
        ------
        ValueError
            Where there is none of a name; nothing is set then.
        """
        known = list(self._defaults())
        for name in params:
            if name not in known:
                raise ValueError(f"Invalid parameter {name!r} for {type(self).__name__}. Valid ones are: {known!r}.")
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def check_fitted(self, attribute: str) -> None:
        """Raise scikit-learn's ``NotFittedError`` where there is no such attribute yet."""
        if attribute not in self.__dict__:
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet: call fit first.")

    def __repr__(self) -> str:
        defaults, own = self._defaults(), self.get_params()
        told = [f"{name}={own[name]!r:.100}" for name in own if repr(own[name]) != repr(defaults[name])]
        return f"{type(self).__name__}({', '.join(told)})"

    def __sklearn_tags__(self) -> Tags:
        from sklearn.utils import InputTags, Tags, TargetTags

        _join()
        return Tags(None, TargetTags(required=True), input_tags=InputTags(string=True, two_d_array=False))

    if not TYPE_CHECKING:  # a type checker would take any name for an attribute

        def __getattr__(self, name):
            """Look again where scikit-learn has been imported since the estimator was made."""
            if _join():
                return getattr(self, name)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


def _join() -> bool:
    """Make estimators instances of `BaseEstimator` where it is there and they are not yet; return whether it did."""
    base = getattr(sys.modules.get("sklearn.base"), "BaseEstimator", None)
    if base is None or issubclass(Estimator, base):
        return False
    Estimator.__bases__ = (base,)
    kinds = [Estimator]
    for kind in kinds:
        kinds += kind.__subclasses__()
        kind.__init_subclass__()  # where scikit-learn gives a class its set_fit_request
    return True
