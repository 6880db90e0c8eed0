"""Losses as products of probabilities, whose logarithm is taken once per several factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import kernel

Doubles = NDArray[np.float64]

# A product of this many probabilities, each at least 1e-7, is above `LEAST_PRODUCT`.
MOST_FACTORS = 28
LEAST_PRODUCT = 1e-200


@kernel("float64(float64[::1])", inner=True)
def take_loss(products: Doubles) -> float:
    """Return minus the sum of the logarithms of the products, clipped at `LEAST_PRODUCT`, and reset them to 1."""
    loss, product = 0.0, 1.0
    for lane in range(products.shape[0]):
        product *= max(products[lane], LEAST_PRODUCT)
        products[lane] = 1.0
        if product < 1e-100:
            loss -= np.log(product)
            product = 1.0
    return loss - np.log(product)
