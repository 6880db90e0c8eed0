import pytest

from mt2st.report import wording


@pytest.mark.parametrize("word", [wording.score, wording.count, wording.percent, wording.duration])
@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), "high", True])
def test_what_is_no_number_is_a_dash(word, value):
    assert word(value) == wording.ABSENT


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.004, "<0.01 s"),
        (9.994, "9.99 s"),
        (9.996, "10.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (3599.6, "1 h 0 min"),
    ],
)
def test_durations_at_their_bounds(seconds, text):
    assert wording.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.994, "99%"), (0.995, ">99%"), (1, "100%"), (0.005, "0%"), (0.006, "1%")]
)
def test_percents_at_their_bounds(value, text):
    assert wording.percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("2026-11-22T20:00:00+00:00", "2026-11-22 20:00 UTC"), ("yesterday", "yesterday"), ("", "\u2013")],
)
def test_moments(value, text):
    assert wording.moment(value) == text
