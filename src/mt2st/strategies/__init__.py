"""When each task counts: weights over time, as plain Python values that know nothing of arrays or models.

A strategy is a value (``Diminish(rate=8.0)``); bound to task names and a `Clock` it answers ``weights(step)``.
"""

from mt2st.strategies.clock import Clock
from mt2st.strategies.constant import Constant
from mt2st.strategies.diminish import Diminish, diminish
from mt2st.strategies.pretrain import Pretrain
from mt2st.strategies.single_task import SingleTask
from mt2st.strategies.strategy import Observation, Phase, Strategy
from mt2st.strategies.switch import Switch, switch
from mt2st.strategies.work import Exact, Skip, Work, plan

__all__ = [
    "Clock",
    "Constant",
    "Diminish",
    "Exact",
    "Observation",
    "Phase",
    "Pretrain",
    "SingleTask",
    "Skip",
    "Strategy",
    "Switch",
    "Work",
    "diminish",
    "plan",
    "switch",
]
