"""Tasks: one class for each kind, which owns its data, its head and its loss.

`Task` is the interface. *Native* tasks (`BagClassification`, `LanguageModel`, `mt2st.tasks.glove.GloveTask`) are Numba
kernels that change the shared table in place; *differentiable* ones (in ``pytorch`` and ``lexical``, which need torch)
return a loss whose gradient autograd computes.
"""

from mt2st.tasks.bag_classification import BagClassification
from mt2st.tasks.labelled import LabelledRows
from mt2st.tasks.language_model import LanguageModel
from mt2st.tasks.sampler import Sampler
from mt2st.tasks.tagged import TaggedRows
from mt2st.tasks.targets import TargetRows
from mt2st.tasks.task import Classifies, Encodes, Freezes, HasGradient, Outcome, Task
from mt2st.tasks.text_pairs import TextPairs
from mt2st.tasks.workers import Workers

__all__ = [
    "BagClassification",
    "Classifies",
    "Encodes",
    "Freezes",
    "HasGradient",
    "LabelledRows",
    "LanguageModel",
    "Outcome",
    "Sampler",
    "TaggedRows",
    "TargetRows",
    "Task",
    "TextPairs",
    "Workers",
]
