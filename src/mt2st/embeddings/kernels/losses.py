"""Losses as products of probabilities, whose logarithm is taken now and then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import kernel

Doubles = NDArray[np.float64]

# A product of so many probabilities, of 1e-7 at least, is above the least product.
MOST_FACTORS = 28
LEAST_PRODUCT = 1e-200


@kernel("float64(float64[::1])", inner=True)
def take_loss(products: Doubles) -> float:
    """Return minus the sum of the products' logarithms, none taken as less than `LEAST_PRODUCT`, and make them 1."""
    loss, product = 0.0, 1.0
    for lane in range(products.shape[0]):
        product *= max(products[lane], LEAST_PRODUCT)
        products[lane] = 1.0
        if product < 1e-100:
            loss -= np.log(product)
            product = 1.0
    return loss - np.log(product)
