"""Decimal digits to float32 and back, in plain loops over bytes.

A number is ``w * 10**q`` with w of at most 19 digits. Its float64 value is accurate to a few units in the last place,
which determines its nearest float32 unless the value is close to the midpoint of two float32s. Those few are *hard* and
left to the caller.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Floats, kernel

Bytes = NDArray[np.uint8]

FARTHEST = 60
POWERS = np.array([float(f"1e{power}") for power in range(FARTHEST + 1)])
LEAST_NORMAL, LARGEST = 1.1754944e-38, 3.4028234e38
ZERO, NINE, PLUS, MINUS, POINT, SPACE, NEWLINE, RETURN = 48, 57, 43, 45, 46, 32, 10, 13
LONGEST = 17  # characters that write_number writes at most, and a space
HARD = -1


@kernel("float64(uint64, int64)", inline="always")
def scaled(w: np.uint64, q: int) -> float:
    """Return ``w * 10**q`` to within three units in the last place, for q within the table."""
    return np.float64(w) * POWERS[q] if q >= 0 else np.float64(w) / POWERS[-q]


@kernel("boolean(float64)", inline="always")
def is_clear(value: float) -> bool:
    """Return whether a slightly inexact positive float64 determines its nearest float32."""
    # A float32 keeps the upper 23 of 52 bits: in the midpoint of two, the others are 1 and 28 zeros.
    below = (np.float64(value).view(np.int64) & 0x1FFFFFFF) - 0x10000000
    return bool(LEAST_NORMAL < value < LARGEST and abs(below) > 16)


@kernel("boolean(uint8)", inline="always")
def is_digit(byte: np.uint8) -> bool:
    """Return whether a byte is 0 to 9."""
    return bool(ZERO <= byte <= NINE)


@kernel("Tuple((int64, int64))(uint8[::1], int64)", inline="always")
def read_exponent(text: Bytes, at: int) -> tuple[int, int]:
    """Return the end of the exponent at ``at``, after its ``e``, or HARD if there is none; and its value."""
    sign = -1 if text[at] == MINUS else 1
    if text[at] == MINUS or text[at] == PLUS:
        at += 1
    if not is_digit(text[at]):
        return HARD, 0
    value = 0
    while is_digit(text[at]):
        value = min(value * 10 + (text[at] - ZERO), 9999)
        at += 1
    return at, sign * value


@kernel("int64(uint8[::1], int64, float32[::1], int64)")
def read_number(text: Bytes, at: int, out: Floats, place: int) -> int:
    """Write the number at ``at`` and return its end, or HARD; a space or newline must follow it."""
    negative = text[at] == MINUS
    if negative or text[at] == PLUS:
        at += 1
    w, q, digits, start = np.uint64(0), 0, 0, at
    point = False
    while is_digit(text[at]) or (text[at] == POINT and not point):
        if text[at] == POINT:
            point = True
        else:
            if w < np.uint64(10**18):
                w = w * np.uint64(10) + np.uint64(text[at] - ZERO)
                q -= point
            else:
                q += not point
            digits += 1
        at += 1
    if digits == 0 or at == start:
        return HARD
    if text[at] == 101 or text[at] == 69:
        at, power = read_exponent(text, at + 1)
        q += power
    if at < 0 or (text[at] != SPACE and text[at] != NEWLINE and text[at] != RETURN):
        return HARD
    value = 0.0
    if w > 0:
        if abs(q) > FARTHEST:
            return HARD
        value = scaled(w, q)
        if not is_clear(value):
            return HARD
    out[place] = -value if negative else value
    return at


@kernel("Tuple((uint64, int64))(float64, int64, int64)", inline="always")
def rounded(value: float, exponent: int, digits: int) -> tuple[np.uint64, int]:
    """Return (w, q), w of ``digits`` digits, nearest to a positive value that is at least ``10**exponent``."""
    q = exponent - digits + 1
    found = value / POWERS[q] if q >= 0 else value * POWERS[-q]
    return np.uint64(found + 0.5), q


@kernel("Tuple((uint64, int64))(float32)")
def shortest(number: np.float32) -> tuple[np.uint64, int]:
    """Return (w, q) of the fewest digits whose nearest float32 is this positive number."""
    value = np.float64(number)
    bits = value.view(np.int64)
    exponent = int(np.floor(((bits >> 52) - 1023) * 0.30102999566398120))
    if exponent >= -FARTHEST and value >= (POWERS[exponent + 1] if exponent >= -1 else 1 / POWERS[-exponent - 1]):
        exponent += 1
    power_of_two = bits & 0xFFFFFFFFFFFFF == 0
    w, q = np.uint64(0), 0
    for digits in range(6, 10):  # six always round-trip through float32; shorter ones end in zeros
        w, q = rounded(value, exponent, digits)
        close = scaled(w, q)
        if is_clear(close) and np.float32(close) == number:
            break
        # float32s are denser below a power of two than above, so the second nearest may work if the nearest fails.
        close = scaled(w + np.uint64(1), q)
        if power_of_two and is_clear(close) and np.float32(close) == number:
            w += np.uint64(1)
            break
    while w % np.uint64(10) == 0:
        w = w // np.uint64(10)
        q += 1
    return w, q


@kernel("int64(uint64, int64, uint8[::1], int64)", inline="always")
def write_digits(w: np.uint64, count: int, out: Bytes, at: int) -> int:
    """Write an integer in ``count`` digits and return its end."""
    for i in range(count):
        out[at + count - 1 - i] = ZERO + np.uint8(w % np.uint64(10))
        w = w // np.uint64(10)
    return at + count


@kernel("int64(uint64)", inline="always")
def count_digits(w: np.uint64) -> int:
    """Return the number of digits of an integer."""
    count = 1
    while w >= np.uint64(10):
        w = w // np.uint64(10)
        count += 1
    return count


@kernel("int64(uint64, int64, uint8[::1], int64)")
def write_plain(w: np.uint64, q: int, out: Bytes, at: int) -> int:
    """Write ``w * 10**q`` without an exponent, with at least one digit on either side of the point."""
    whole = w
    for _ in range(-q):
        whole = whole // np.uint64(10)
    for _ in range(q):
        whole = whole * np.uint64(10)
    at = write_digits(whole, count_digits(whole), out, at)
    out[at] = POINT
    if q >= 0:
        return write_digits(np.uint64(0), 1, out, at + 1)
    return write_digits(w, -q, out, at + 1)


@kernel("int64(uint64, int64, uint8[::1], int64)")
def write_scientific(w: np.uint64, q: int, out: Bytes, at: int) -> int:
    """Write ``w * 10**q`` as ``d.ddde+x``."""
    digits = count_digits(w)
    exponent = q + digits - 1
    end = write_digits(w, digits, out, at + 1)
    out[at] = out[at + 1]
    out[at + 1] = POINT
    if digits == 1:
        end = write_digits(np.uint64(0), 1, out, end)
    out[end] = 101
    end += 1
    if exponent < 0:
        out[end] = MINUS
        end += 1
    return write_digits(np.uint64(abs(exponent)), 2, out, end)


@kernel("int64(float32, uint8[::1], int64)")
def write_number(value: np.float32, out: Bytes, at: int) -> int:
    """Write the fewest digits that round to this finite float32 and return their end."""
    number = np.float32(abs(value))
    if np.float32(value).view(np.int32) < 0:
        out[at] = MINUS
        at += 1
    if number == 0:
        return write_plain(np.uint64(0), 0, out, at)
    w, q = shortest(number)
    if np.float32(1e-4) <= number < np.float32(1e9):
        return write_plain(w, q, out, at)
    return write_scientific(w, q, out, at)
