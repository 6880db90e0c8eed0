"""Strategies: the tasks' weights over time, as plain Python values, independent of arrays and models.

A strategy is a value (``Diminish(rate=8.0)``); bound to task names and a `Clock` it has ``weights(step)``.
"""

from mt2st.strategies.action import Action
from mt2st.strategies.clock import Clock
from mt2st.strategies.composed import Composed
from mt2st.strategies.constant import Constant, constant
from mt2st.strategies.convergence import Convergence
from mt2st.strategies.cosine import Cosine, cosine
from mt2st.strategies.diminish import Diminish, diminish
from mt2st.strategies.ending import ending
from mt2st.strategies.feedback import Feedback
from mt2st.strategies.linear import Linear, linear
from mt2st.strategies.observation import Observation
from mt2st.strategies.plateau import Plateau
from mt2st.strategies.pretrain_then_finetune import PretrainThenFinetune, pretrain_then_finetune
from mt2st.strategies.rates import Rates, rate_share
from mt2st.strategies.single_task import SingleTask, single_task
from mt2st.strategies.strategy import Phase, Strategy
from mt2st.strategies.switch import Switch, switch
from mt2st.strategies.work import Every, Exact, Skip, Work, plan

__all__ = [
    "Action",
    "Clock",
    "Composed",
    "Constant",
    "Convergence",
    "Cosine",
    "Diminish",
    "Every",
    "Exact",
    "Feedback",
    "Linear",
    "Observation",
    "Phase",
    "Plateau",
    "PretrainThenFinetune",
    "Rates",
    "SingleTask",
    "Skip",
    "Strategy",
    "Switch",
    "Work",
    "constant",
    "cosine",
    "diminish",
    "ending",
    "linear",
    "plan",
    "pretrain_then_finetune",
    "rate_share",
    "single_task",
    "switch",
]
