"""Text of any size as ids on disk, encoded in one pass and read in shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.text.encoding.corpus import EncodedCorpus
    from mt2st.text.encoding.encode import encode_corpus
    from mt2st.text.encoding.sources import sources_of

# Imported on first use: encoding compiles kernels, which opening a corpus does not need.
_HOME = {"EncodedCorpus": ".corpus", "encode_corpus": ".encode", "sources_of": ".sources"}

__all__ = ["EncodedCorpus", "encode_corpus", "sources_of"]

__getattr__ = lazily(__name__, _HOME)
