"""Reading text: files of any supported format, tokens, vocabularies, features, encoded rows and encoded corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily
from mt2st.text.ragged import Ragged
from mt2st.text.tokenizer import token_spans, tokenize

if TYPE_CHECKING:
    from mt2st.text.encoding import EncodedCorpus, encode_corpus
    from mt2st.text.examples import Example, Examples
    from mt2st.text.features import Features
    from mt2st.text.reading import read_examples
    from mt2st.text.vocabulary import Vocabulary

# Imported on first use: some compile kernels, and a model that is given texts reads no files.
_HOME = {
    "EncodedCorpus": "mt2st.text.encoding",
    "Example": "mt2st.text.examples",
    "Examples": "mt2st.text.examples",
    "Features": "mt2st.text.features",
    "Vocabulary": "mt2st.text.vocabulary",
    "encode_corpus": "mt2st.text.encoding",
    "read_examples": "mt2st.text.reading",
}

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

__getattr__ = lazily(__name__, _HOME)
