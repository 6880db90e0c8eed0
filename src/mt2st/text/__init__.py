"""Text in: files of any supported format, tokens, vocabularies, features, encoded rows and encoded corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.text.examples import Example, Examples
from mt2st.text.features import Features
from mt2st.text.ragged import Ragged
from mt2st.text.reading import read_examples
from mt2st.text.tokenizer import token_spans, tokenize
from mt2st.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from mt2st.text.encoding import EncodedCorpus, encode_corpus

__all__ = [
    "EncodedCorpus",
    "Example",
    "Examples",
    "Features",
    "Ragged",
    "Vocabulary",
    "encode_corpus",
    "read_examples",
    "token_spans",
    "tokenize",
]


def __getattr__(name: str) -> object:
    if name not in ("EncodedCorpus", "encode_corpus"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mt2st.text import encoding  # imported when first used: it compiles kernels

    return getattr(encoding, name)
