"""The settings of the shared table and the encoder."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from mt2st.training.settings.ngrams import NGrams
from mt2st.training.settings.section import Above0, Count

# The settings below that each torch encoder has.
SIZES = {
    "bilstm": ("hidden_size",),
    "attention": ("hidden_size",),
    "cnn": ("filters", "widths"),
    "transformer": ("layers", "heads"),
}
VECTOR_SIZE = 64


class Model(NGrams):
    """The shared table and the encoder on top of it."""

    encoder: Literal["bag", "bilstm", "attention", "cnn", "transformer"] = Field(
        "bag",
        description="bag (Numba); or, with the extra torch, bilstm, attention (bilstm, pooled by attention), cnn, "
        "transformer",
    )
    vector_size: Count | None = Field(
        None, description=f"dimensions of the shared table; none: as vectors has, or {VECTOR_SIZE}"
    )
    vectors: str | None = Field(None, description="a file of pretrained word vectors; none: random initial vectors")
    freeze_vectors: bool = Field(False, description="keep the word vectors fixed and train the encoder alone (torch)")
    min_count: Count = Field(2, description="ignore words that occur less often")
    max_words: Count | None = Field(
        None, description="read the first words only, this many, of a text to classify; none: all"
    )
    pairs: bool = Field(True, description="vectors for pairs of neighbouring words as well (bag)")
    pair_min_count: Count = Field(2, description="ignore pairs that occur less often (bag)")
    smoothing: Above0 = Field(3e-3, description="a in the word weights a / (a + frequency) (bag)")
    hidden_size: Count = Field(64, description="hidden units per direction (bilstm, attention)")
    filters: Count = Field(100, description="filters per width (cnn)")
    widths: list[Count] = Field([3, 4, 5], min_length=1, description="filter widths, in words (cnn)")
    layers: Count = Field(2, description="number of layers (transformer)")
    heads: Count = Field(4, description="attention heads; their number must divide vector_size (transformer)")
    pooling: Literal["auto", "max", "mean", "attention"] = Field(
        "auto",
        description="pooling of states (torch); auto: mean for transformer, attention for attention, else max",
    )
    dropout: float = Field(0.3, ge=0, lt=1, description="dropout of inputs and outputs (torch)")
    rate: Above0 = Field(2e-3, description="Adam's learning rate of the encoder and heads (torch)")
    table_rate: Above0 = Field(5e-3, description="sparse Adam's learning rate of the table (torch)")

    def sizes(self) -> dict[str, Any]:
        """Return the settings of the torch encoder; ``pooling`` is None for the encoder's default."""
        pooling = None if self.pooling == "auto" else self.pooling
        return {**{name: getattr(self, name) for name in SIZES[self.encoder]}, "pooling": pooling}

    @model_validator(mode="after")
    def _settings_fit_the_encoder(self) -> Model:
        if self.subwords and self.encoder == "bag":
            raise ValueError("subwords need a torch encoder, the bag has none: leave them out, or set encoder")
        size = self.vector_size or (None if self.vectors else VECTOR_SIZE)
        if self.encoder == "transformer" and size and size % self.heads:
            raise ValueError(f"heads must divide vector_size (transformer), {self.heads} and {size} found")
        if self.encoder == "attention" and self.pooling not in ("auto", "attention"):
            raise ValueError(f"pooling of attention is attention, {self.pooling!r} found: set encoder = 'bilstm'")
        if len(set(self.widths)) < len(self.widths):
            raise ValueError(f"widths must differ, {self.widths} found")
        return self
