"""The character n-grams of words, shared by the encoder and all language models that use them."""

from __future__ import annotations

from pydantic import Field, model_validator

from mt2st.training.settings.section import Count, Section


class NGrams(Section):
    """What fastText calls ``minn``, ``maxn`` and ``bucket``."""

    subwords: bool = Field(
        False, description="compose words of character n-grams too (skipgram, cbow; in [model]: torch encoders)"
    )
    min_n: Count = Field(3, description="shortest n-gram, in characters, counting the marks < and > at a word's ends")
    max_n: Count = Field(6, description="longest n-gram")
    bucket: int = Field(2_000_000, ge=1, le=2**31 - 1, description="number of hash buckets of n-grams")

    def limits(self) -> dict[str, int]:
        """Return all settings except ``subwords``."""
        return {"min_n": self.min_n, "max_n": self.max_n, "bucket": self.bucket}

    @model_validator(mode="after")
    def _lengths_rise(self) -> NGrams:
        if self.min_n > self.max_n:
            raise ValueError(f"min_n must be at most max_n, {self.min_n} and {self.max_n} found")
        return self
