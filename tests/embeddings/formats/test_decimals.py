from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.embeddings.formats.text import count_numbers, nearest_float32
from mt2st.embeddings.kernels.decimals import HARD, read_number, write_number

positive = st.floats(min_value=2.0**-125, max_value=2.0**127, width=32)


def written(value):
    out = np.zeros(40, np.uint8)
    return out[: write_number(np.float32(value), out, 0)].tobytes().decode()


def read(text):
    out = np.full(1, np.float32(-7))
    end = read_number(np.frombuffer(bytearray(text.encode() + b" "), np.uint8), 0, out, 0)
    return None if end == HARD else (end, float(out[0]))


def nearest_by_fractions(text):
    exact = Fraction(text)
    near = np.float32(float(text))
    around = [np.nextafter(near, np.float32(-np.inf)), near, np.nextafter(near, np.float32(np.inf))]
    candidates = [value for value in around if np.isfinite(value)]
    return float(
        min(candidates, key=lambda value: (abs(Fraction(float(value)) - exact), int(value.view(np.int32)) & 1))
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.0"),
        (-0.0, "-0.0"),
        (1, "1.0"),
        (-0.418, "-0.418"),
        (1e-4, "0.0001"),
        (9.9999e-5, "9.9999e-05"),
        (123456789, "123456790.0"),
        (1e10, "1.0e10"),
        (1.5e-7, "1.5e-07"),
        (16777216, "16777216.0"),
        (3.4028235e38, "3.4028235e38"),
        (-1e-45, "-1.4e-45"),
    ],
)
def test_written_by_hand(value, text):
    found = written(value)
    assert np.float32(found) == np.float32(value)
    if 1e-37 < abs(value) < 3e38 or not value:
        assert found == text


@given(positive)
def test_as_few_digits_as_numpy_and_the_same_float(value):
    text = written(value)
    assert np.float32(text) == np.float32(value)
    digits = text.split("e")[0].replace(".", "").strip("0")
    theirs = np.format_float_scientific(np.float32(value), unique=True, trim="-").split("e")[0].replace(".", "")
    assert len(digits) <= len(theirs.strip("0"))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_finite_float_comes_back(value):
    text = written(value)
    assert len(text) <= 16
    assert np.float32(nearest_float32(text)).tobytes() == np.float32(value).tobytes()


def test_numbers_of_two_to_any_power_come_back():
    for power in range(-149, 128):
        value = np.float32(2.0**power)
        assert np.float32(written(value)) == value


@settings(max_examples=300)
@given(st.sampled_from(["", "-", "+"]), st.integers(0, 10**24), st.integers(0, 22), st.integers(-25, 25))
def test_read_as_the_nearest_float32_or_left_as_hard(sign, digits, point, power):
    whole = f"{digits:023d}"
    text = f"{sign}{whole[:point]}.{whole[point:]}e{power}"
    found = read(text)
    if found is not None:
        assert found == (len(text), nearest_by_fractions(text) if Fraction(text) else 0.0)


@pytest.mark.parametrize("text", ["1", "+1.5", "-.5", "5.", "1e5", "1E-3", "2e+2", "00012.50", "0e99999", "1.e1"])
def test_plain_numbers_are_read_at_once(text):
    assert read(text) == (len(text), float(np.float32(text)))


@pytest.mark.parametrize(
    "text", ["", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "0x1", "nan", "inf", "1_0", "--1", "1,5"]
)
def test_what_is_no_number_is_hard(text):
    assert read(text) is None


@pytest.mark.parametrize("far", ["1e39", "1e99999", "1e-45", "1e-300", "1" + "0" * 70])
def test_numbers_beyond_normal_floats_are_hard(far):
    assert read(far) is None


def test_the_middle_between_two_floats_is_decided_by_all_digits():
    # 1 + 2**-24 lies in the middle of 1 and 1 + 2**-23; the next digit decides, and an even last bit the tie.
    middle = "1.000000059604644775390625"
    assert read(middle) is None
    assert nearest_float32(middle) == 1.0
    assert nearest_float32(middle + "0001") == 1.0 + 2.0**-23
    assert nearest_float32("1.00000005960464477539062499") == 1.0
    assert nearest_float32("1.000000178813934326171875") == 1.0 + 2.0**-22
    assert nearest_float32("1.00000017881393432617187499") == 1.0 + 2.0**-23
    assert nearest_float32("-" + middle + "1") == -1.0 - 2.0**-23


@given(st.decimals(min_value=0, max_value=2, places=26))
def test_hard_numbers_are_read_as_fractions_say(value):
    text = f"{value:f}"
    assert nearest_float32(text) == nearest_by_fractions(text)


def test_numbers_at_the_end_of_a_line_are_counted():
    assert count_numbers(b"word 1 2.5 -3e-4 \r\n") == 3
    assert count_numbers(b"1 2 3\n") == 2
    assert count_numbers(b". . . 1 2\n") == 2
    assert count_numbers(b" 1 2\n") == 2
    assert count_numbers(b"word one\n") == 0
    assert count_numbers(b"") == 0
