"""The settings of a run: their schema (`Settings`), and reading, changing and writing them as TOML."""

from mt2st.training.settings.defaults import default_settings
from mt2st.training.settings.labelled import FURTHER, Source
from mt2st.training.settings.lexical import LEXICAL
from mt2st.training.settings.model import Model
from mt2st.training.settings.ngrams import NGrams
from mt2st.training.settings.phases import ConvergenceSettings, Freeze, RateSettings
from mt2st.training.settings.schema import Settings
from mt2st.training.settings.strategy import FeedbackSettings, StrategySettings
from mt2st.training.settings.tasks import Auxiliary, Primary
from mt2st.training.settings.toml import assign, dump_other_kinds, dump_settings, load_settings, parse_settings, place
from mt2st.training.settings.training import Training

__all__ = [
    "FURTHER",
    "LEXICAL",
    "Auxiliary",
    "ConvergenceSettings",
    "FeedbackSettings",
    "Freeze",
    "Model",
    "NGrams",
    "Primary",
    "RateSettings",
    "Settings",
    "Source",
    "StrategySettings",
    "Training",
    "assign",
    "default_settings",
    "dump_other_kinds",
    "dump_settings",
    "load_settings",
    "parse_settings",
    "place",
]
