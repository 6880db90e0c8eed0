import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, PretrainThenFinetune, pretrain_then_finetune


def test_the_function_gives_either_one_or_the_other():
    assert [pretrain_then_finetune(t, at=2.0, weight=0.5) for t in (1.999, 2.0)] == [(0.0, 0.5), (1.0, 0.0)]


def test_it_trains_the_primary_only_afterwards():
    strategy = PretrainThenFinetune(at=0.5).bind("p", ["a"], Clock(4))
    assert [strategy.weights(s) for s in range(4)] == [{"p": 0.0, "a": 1.0}] * 2 + [{"p": 1.0, "a": 0.0}] * 2
    assert strategy.phase(0).name == "auxiliaries only"
    assert strategy.phase(2).name == "single-task"


@pytest.mark.parametrize(("unit", "at"), [("steps", 16), ("epochs", 2), ("fraction", 0.16)])
def test_it_turns_in_every_unit(hundred, unit, at):
    strategy = PretrainThenFinetune(at=at, time=unit).bind("p", ["a"], hundred)
    assert strategy.transition() == 16
    assert (strategy.weights(15)["p"], strategy.weights(16)["p"]) == (0.0, 1.0)


def test_a_moment_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="is not trained before it; give a number, or use Switch"):
        PretrainThenFinetune(at="auto")
    with pytest.raises(ConfigError, match="at must be finite and at least 0, found -1"):
        PretrainThenFinetune(at=-1)
