import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock


def test_a_step_in_every_unit():
    clock = Clock(total_steps=200, steps_per_epoch=12.5)
    assert [clock.read(50, time) for time in ("steps", "epochs", "fraction")] == [50.0, 4.0, 0.25]
    assert [clock.unit(time) for time in ("steps", "epochs", "fraction")] == [1.0, 12.5, 200.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Clock(0), "total_steps must be a whole number and at least 1, found 0"),
        (lambda: Clock(3, steps_per_epoch=0.0), "steps_per_epoch must be finite and above 0, found 0.0"),
        (lambda: Clock(10).read(1, "hours"), "steps, epochs, fraction, found 'hours'"),
    ],
)
def test_what_makes_no_clock_is_refused(make, message):
    with pytest.raises(ConfigError, match=message):
        make()
