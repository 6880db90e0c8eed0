"""Evaluating vectors on files of word pairs and analogies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.words.checks import check_count
from mt2st.embeddings.words.table import WordTable
from mt2st.errors import DataError
from mt2st.evaluation.analogies import evaluate_analogies
from mt2st.evaluation.analogy_questions import read_analogies
from mt2st.evaluation.analogy_report import AnalogyReport
from mt2st.evaluation.folding import fold, fold_words
from mt2st.evaluation.similarity import PairReport, evaluate_pairs
from mt2st.evaluation.word_pairs import read_word_pairs


def judge_pairs(
    table: WordTable,
    path: str | Path,
    *,
    delimiter: str | None = None,
    restrict_vocab: int | None = None,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> PairReport:
    r"""Evaluate vectors on a file of scored word pairs; see `WordVectors.evaluate_word_pairs`.

    Examples
    --------
    >>> import tempfile
    >>> table = WordTable(["a", "b", "c"], np.array([[1, 0], [4, 3], [0, 1]], np.float32))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.txt")
    ...     _ = path.write_text("A b 9\nb C 5\na c 6\na z 1\n")
    ...     report = judge_pairs(table, path)
    >>> round(report.spearman[0], 4), report.pairs, report.unknown
    (0.5, 3, 1)
    """
    find = _finder(table, restrict_vocab, case_insensitive)
    pairs = read_word_pairs(path, delimiter=delimiter)
    try:
        return evaluate_pairs(pairs, find, dummy4unknown=dummy4unknown)
    except DataError as error:
        raise DataError(str(error), path=path) from None


def _finder(
    table: WordTable, restrict_vocab: int | None, case_insensitive: bool
) -> Callable[[str], NDArray[np.float32] | None]:
    check_count("restrict_vocab", restrict_vocab)
    rows = fold_words(table.index_to_key[:restrict_vocab], case_insensitive)

    def find(word: str) -> NDArray[np.float32] | None:
        at = rows.get(fold(word, case_insensitive))
        if at is not None:
            return table.get_vector(table.index_to_key[at])
        # N-grams are case-sensitive; most words of text are in lower case.
        written = word.lower() if case_insensitive else word
        return table.get_vector(written) if table.subwords is not None and written in table else None

    return find


def judge_analogies(
    table: WordTable,
    path: str | Path,
    *,
    restrict_vocab: int | None = None,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> AnalogyReport:
    r"""Evaluate vectors on a file of analogies; see `WordVectors.evaluate_word_analogies`.

    Examples
    --------
    >>> import tempfile
    >>> words = ["man", "woman", "king", "queen", "apple"]
    >>> table = WordTable(words, np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]], np.float32))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "questions.txt")
    ...     _ = path.write_text(": family\nman woman king queen\nman woman king prince\n")
    ...     report = judge_analogies(table, path)
    >>> report.accuracy(), report.answered(), report.unknown
    (1.0, 1, 1)
    """
    check_count("restrict_vocab", restrict_vocab)
    return evaluate_analogies(
        read_analogies(path),
        table.index_to_key[:restrict_vocab],
        table.vectors[:restrict_vocab],
        case_insensitive=case_insensitive,
        dummy4unknown=dummy4unknown,
    )
