import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mt2st.report.placing import place_labels, spread

NO_CURVES = np.zeros((0, 2))
WITHIN = (0.0, 0.0, 400.0, 300.0)


@given(st.lists(st.floats(0, 100), max_size=8))
def test_places_end_up_apart_in_order_and_in_bounds(places):
    moved = spread(places, 10, 0, 100)
    order = np.argsort(places, kind="stable")
    assert all(b - a >= 10 - 1e-9 for a, b in zip(np.array(moved)[order], np.array(moved)[order][1:], strict=False))
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in moved)


def test_places_that_are_apart_stay():
    assert spread([80, 10, 40], 10, 0, 100) == [80, 10, 40]


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_labels_of_points_in_one_spot_do_not_cover_one_another():
    points, sizes = [(200.0, 150.0)] * 5, [(90.0, 16.0)] * 5
    corners = place_labels(points, sizes, [(194, 144, 206, 156)], NO_CURVES, WITHIN)
    boxes = [(x, y, x + 90, y + 16) for x, y in corners]
    assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if overlap(one, other)]
    assert not [1 for box in boxes if overlap(box, (194, 144, 206, 156))]


def test_a_label_stays_inside_and_off_the_curves():
    ((x, y),) = place_labels([(395.0, 150.0)], [(90.0, 16.0)], [], NO_CURVES, WITHIN)
    assert x + 90 <= 400
    line = np.column_stack([np.arange(0.0, 200.0, 3.0), np.full(67, 150.0)])
    ((x, y),) = place_labels([(200.0, 150.0)], [(90.0, 16.0)], [], line, WITHIN)
    assert not overlap((x, y, x + 90, y + 16), (0, 150, 200, 150.1))
