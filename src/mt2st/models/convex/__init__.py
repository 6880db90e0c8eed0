"""The convex end of training: logistic regression, its strength found on rows held out."""

from mt2st.models.convex.cross_validation import Judged, cross_validate
from mt2st.models.convex.logistic import Regression, logistic_path
from mt2st.models.convex.rows import Gram, Rows, SparseRows
from mt2st.models.convex.temperature import fit_temperature

__all__ = ["Gram", "Judged", "Regression", "Rows", "SparseRows", "cross_validate", "fit_temperature", "logistic_path"]
