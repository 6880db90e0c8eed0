"""The settings that decide about word vectors, checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from mt2st.errors import ConfigError, did_you_mean
from mt2st.strategies.checks import real
from mt2st.training.vectors.earlier import of_start

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors

METHODS = ("skipgram", "cbow", "glove")
LARGEST = 2**31 - 1


class Bounds(NamedTuple):
    """The type and bounds of a number."""

    kind: type
    low: float
    high: float = LARGEST
    none: bool = False


BOUNDS = {
    "vector_size": Bounds(int, 1, 65_536),
    "window": Bounds(int, 1, 255),
    "min_count": Bounds(int, 1),
    "negative": Bounds(int, 1, 1_000),
    "sample": Bounds(float, 0.0, 1.0),
    "epochs": Bounds(int, 1),
    "alpha": Bounds(float, 1e-9, 10.0),
    "min_alpha": Bounds(float, 0.0, 10.0),
    "seed": Bounds(int, 0, 2**63 - 1),
    "min_n": Bounds(int, 0),
    "max_n": Bounds(int, 0),
    "bucket": Bounds(int, 1),
    "max_vocabulary": Bounds(int, 1, none=True),
    "x_max": Bounds(float, 1e-9, 1e12),
}

# Parameter names of gensim and fastText, past or present, and what to write here instead.
ALWAYS = "leave it out, it is always so"
HABITS = {
    **dict.fromkeys(("size", "dim"), "write vector_size=..."),
    **dict.fromkeys(("iter", "epoch"), "write epochs=..."),
    **dict.fromkeys(("start_alpha", "lr"), "write alpha=..."),
    **dict.fromkeys(("sentences", "corpus_file", "input"), "write the first argument"),
    **dict.fromkeys(("sg", "model"), 'write method="skipgram" or method="cbow"'),
    **dict.fromkeys(("word_ngrams", "minn", "maxn"), "write subwords=True, with min_n=... and max_n=..."),
    **dict.fromkeys(("hs", "loss"), "there is no hierarchical softmax, only negative sampling: write negative=..."),
    "cbow_mean": 'write method="cbow", which takes the mean',
    "neg": "write negative=...",
    "ws": "write window=...",
    "t": "write sample=...",
    "thread": "write workers=...",
    "minCount": "write min_count=...",
    "end_alpha": "write min_alpha=...",
    "max_vocab_size": "write max_vocabulary=...",
    "max_final_vocab": "rare words are left out by min_count=... alone",
    "ns_exponent": "negatives are drawn by counts to the power of 0.75",
    "trim_rule": "write min_count=..., or leave words out of the text",
    "callbacks": "write on_progress=...",
    "compute_loss": "leave it out, on_progress=... is told losses",
    **dict.fromkeys(("shrink_windows", "sorted_vocab"), ALWAYS),
}


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """All settings that, with the text, decide about the vectors; see `mt2st.train_vectors`.

    Raises
    ------
    ConfigError
        If one has a wrong type or is out of bounds, or two contradict each other.
    """

    method: str = "skipgram"
    subwords: bool = False
    vector_size: int = 100
    window: int = 5
    min_count: int = 5
    negative: int = 5
    sample: float = 1e-3
    epochs: int = 5
    alpha: float = 0.025
    min_alpha: float = 1e-4
    seed: int = 1
    min_n: int = 3
    max_n: int = 6
    bucket: int = 2_000_000
    max_vocabulary: int | None = None
    lower: bool = False
    x_max: float = 100.0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ConfigError(f"method {self.method!r} is unknown{did_you_mean(str(self.method), METHODS)}")
        for name in ("subwords", "lower"):
            if not isinstance(getattr(self, name), bool):
                raise ConfigError(f"{name} must be True or False, {getattr(self, name)!r} found")
        for name, bounds in BOUNDS.items():
            object.__setattr__(self, name, check_number(name, getattr(self, name), bounds))
        self._check_together()

    def _check_together(self) -> None:
        if self.min_alpha > self.alpha:
            raise ConfigError(
                f"min_alpha must be at most alpha, {self.min_alpha} and {self.alpha} found: the rate falls from alpha "
                "to min_alpha"
            )
        if self.subwords and self.method == "glove":
            raise ConfigError("subwords are for the methods skipgram and cbow: GloVe has no subwords")
        if self.subwords and self.min_n > self.max_n:
            raise ConfigError(f"min_n must be at most max_n, {self.min_n} and {self.max_n} found")

    @classmethod
    def of(cls, start: WordVectors | None = None, /, **given: Any) -> VectorSettings:
        """Return settings from the given values; None, or not given, means that of ``start``, else the default.

        Examples
        --------
        >>> glove = VectorSettings.of(method="glove", window=None)
        >>> glove.window, glove.alpha, glove.min_alpha
        (10, 0.05, 0.05)
        >>> VectorSettings.of(sg=1)
        Traceback (most recent call last):
        mt2st.errors.ConfigError: 'sg' is no setting here: write method="skipgram" or method="cbow"
        """
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise ConfigError(f"'{name}' is no setting here{_remedy(name, known)}")
        asked = {name: value for name, value in given.items() if value is not None}
        chosen = {**of_start(start, asked.get("method")), **asked}
        found = cls(**{**method_defaults(chosen), **chosen})
        found._check_used(asked)
        return found

    def _check_used(self, asked: Mapping[str, Any]) -> None:
        """Refuse what was asked for and has no effect: most likely what it belongs to was forgotten."""
        lengths = [name for name in ("min_n", "max_n") if name in asked]
        if lengths and not self.subwords:
            raise ConfigError(f"{lengths[0]} is for subwords: pass subwords=True (--subwords), or leave it out")
        if "x_max" in asked and self.method != "glove":
            raise ConfigError(f"x_max is for the method glove, {self.method} found: leave it out, or name that method")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for a JSON file."""
        return asdict(self)


def _remedy(name: str, known: list[str]) -> str:
    return f": {HABITS[name]}" if name in HABITS else did_you_mean(name, known)


def method_defaults(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the method's defaults that differ from word2vec's: for GloVe, Stanford's.

    GloVe's rate is constant, as AdaGrad's steps get shorter by themselves.
    """
    if chosen.get("method") != "glove":
        # So that an alpha below the default min_alpha can be given alone.
        alpha = real(chosen.get("alpha", 1.0))
        return {} if alpha is None else {"min_alpha": min(1e-4, alpha)}
    return {"window": 10, "alpha": 0.05, "min_alpha": chosen.get("alpha", 0.05)}


def check_number(name: str, value: Any, bounds: Bounds) -> Any:
    """Return a number of the right type and within bounds as a Python number; refuse anything else.

    Examples
    --------
    >>> check_number("window", 0, BOUNDS["window"])
    Traceback (most recent call last):
    mt2st.errors.ConfigError: window must be a whole number from 1 to 255, 0 found
    """
    if value is None and bounds.none:
        return None
    found = real(value)
    if isinstance(found, int if bounds.kind is int else int | float) and bounds.low <= found <= bounds.high:
        return found
    what = "a whole number" if bounds.kind is int else "a number"
    raise ConfigError(f"{name} must be {what} from {bounds.low} to {bounds.high}, {value!r} found")
