"""Classes as sides of outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def class_signs(labels: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Return 1 for each row's class and -1 for the others, (rows, classes); of two classes the second's column alone.

    Examples
    --------
    >>> class_signs(np.array([0, 1], np.int32), 2)
    array([[-1.],
           [ 1.]])
    """
    signs = np.where(labels[:, None] == np.arange(classes), 1.0, -1.0)
    return signs[:, 1:] if classes == 2 else signs
