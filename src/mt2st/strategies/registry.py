"""The strategies that settings can name."""

from __future__ import annotations

from mt2st.strategies.constant import Constant
from mt2st.strategies.cosine import Cosine
from mt2st.strategies.diminish import Diminish
from mt2st.strategies.feedback import Feedback
from mt2st.strategies.linear import Linear
from mt2st.strategies.pretrain_then_finetune import PretrainThenFinetune
from mt2st.strategies.single_task import SingleTask
from mt2st.strategies.strategy import Strategy
from mt2st.strategies.switch import Switch

_NAMED: tuple[type[Strategy], ...] = (
    SingleTask,
    PretrainThenFinetune,
    Switch,
    Diminish,
    Linear,
    Cosine,
    Constant,
    Feedback,
)
BY_NAME = {each.name: each for each in _NAMED}
