"""The convex end of training: logistic regression, with C chosen by cross-validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.models.convex.cross_validation import Judged, cross_validate, scores_as_new
    from mt2st.models.convex.logistic import Regression, logistic_path
    from mt2st.models.convex.rows import Gram, Rows, SparseRows
    from mt2st.models.convex.temperature import fit_temperature

# Imported when first used: most need SciPy, but not the kernels, which are also compiled where SciPy is missing.
_HOME = {
    "Gram": "mt2st.models.convex.rows",
    "Judged": "mt2st.models.convex.cross_validation",
    "Regression": "mt2st.models.convex.logistic",
    "Rows": "mt2st.models.convex.rows",
    "SparseRows": "mt2st.models.convex.rows",
    "cross_validate": "mt2st.models.convex.cross_validation",
    "fit_temperature": "mt2st.models.convex.temperature",
    "logistic_path": "mt2st.models.convex.logistic",
    "scores_as_new": "mt2st.models.convex.cross_validation",
}

__all__ = [
    "Gram",
    "Judged",
    "Regression",
    "Rows",
    "SparseRows",
    "cross_validate",
    "fit_temperature",
    "logistic_path",
    "scores_as_new",
]

__getattr__ = lazily(__name__, _HOME)
