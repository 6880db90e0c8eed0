"""Check that all ranks have read the same data; otherwise their parts would not make up one batch."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from mt2st.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.training.corpus import Corpus
    from mt2st.training.ranks.ranks import Ranks


def digest(corpus: Corpus) -> str:
    """Return the SHA-256 of everything in a corpus that training reads."""
    found = hashlib.sha256("\n".join(corpus.features.words.words).encode())
    examples = corpus.pool, corpus.development, corpus.test, *corpus.labelled.values()
    arrays: list[NDArray[Any]] = [
        *(() if corpus.pretrained is None else (corpus.pretrained.rows, corpus.pretrained.vectors)),
        *(a for rows in (*corpus.sentences.values(), *corpus.documents.values()) for a in (rows.ids, rows.offsets)),
        *(array for part in examples for array in part.arrays()),
        *(array for each in corpus.records.values() for array in (each.rows, each.columns, each.values)),
        *(array for each in corpus.further.values() for array in each.arrays()),
        *(array for each in corpus.lexical.values() for array in each.arrays()),
    ]
    for array in arrays:
        found.update(len(array).to_bytes(8, "little"))
        found.update(array.tobytes())
    return found.hexdigest()


def check_same(corpus: Corpus, ranks: Ranks) -> None:
    """Refuse data that differs from that of rank 0.

    Raises
    ------
    DataError
        On the ranks whose data differs.
    """
    own = digest(corpus)
    if ranks.broadcast(lambda: own) != own:
        raise DataError("the data read here is not that of rank 0: give all ranks the same files and settings")
