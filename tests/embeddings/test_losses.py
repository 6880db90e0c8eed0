from __future__ import annotations

import numba
import numpy as np
import pytest

from mt2st.embeddings.kernels import losses


@numba.njit
def take(products):
    return losses.take_loss(products)


@pytest.mark.parametrize("scale", [0.5, 1e-30, 1e-150, 1e-200])
def test_losses_are_minus_the_logarithms_of_all_products(scale):
    products = scale * np.array([1.0, 2.0, 3.0, 1.5] * 4)
    expected = -np.log(products).sum()
    assert take(products) == pytest.approx(expected, rel=1e-12)
    assert (products == 1).all() and take(products) == 0


def test_products_have_a_least_value():
    assert take(np.array([1e-250, 0.0, 0.5])) == pytest.approx(-2 * np.log(1e-200) - np.log(0.5), rel=1e-12)
    # What many certain errors can come to before logarithms are taken is above it.
    assert 1e-7**losses.MOST_FACTORS > losses.LEAST_PRODUCT
