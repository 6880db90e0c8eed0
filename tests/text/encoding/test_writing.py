from __future__ import annotations

import pytest

from mt2st.errors import CheckpointError
from mt2st.text.encoding import EncodedCorpus, encode_corpus
from mt2st.text.encoding.writing import publish


def test_a_corpus_whose_replacement_failed_half_way_is_none(tmp_path):
    corpus, made = tmp_path / "corpus", tmp_path / "made"
    encode_corpus([["a", "b"]] * 3, corpus, min_count=1)
    made.mkdir()
    (made / "ids.int32").write_bytes(b"\0" * 24)  # and no more: as if the disk failed at the second file
    with pytest.raises(FileNotFoundError):
        publish(made, corpus, {})
    with pytest.raises(CheckpointError):
        EncodedCorpus.open(corpus)
