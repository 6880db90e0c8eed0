"""Word analogies "a is to b as c is to d": how often d is the word nearest to b - a + c."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mt2st.evaluation.analogy_questions import AnalogySection, Question
from mt2st.evaluation.analogy_report import AnalogyReport, AnsweredSection
from mt2st.evaluation.cosine import divisors
from mt2st.evaluation.folding import first_forms, fold, fold_words

# Block sizes of the product of questions and words: 8 MiB.
QUESTIONS, WORDS = 512, 4096


def evaluate_analogies(
    sections: Sequence[AnalogySection],
    words: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> AnalogyReport:
    """Answer analogies with the words that have vectors, and count the right answers.

    Parameters
    ----------
    sections
        From `read_analogies`.
    words, vectors
        The words allowed in questions and answers, and their vectors, (words, dim).
    case_insensitive
        Compare words in upper case; of words that differ only in case, use the first.
    dummy4unknown
        Count a question with a word that has no vector as wrong, instead of skipping it.

    Examples
    --------
    >>> words = ["man", "woman", "king", "queen", "apple"]
    >>> vectors = np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]], np.float32)
    >>> asked = [AnalogySection("family", [("man", "woman", "king", "queen"), ("man", "woman", "king", "apple")])]
    >>> report = evaluate_analogies(asked, words, vectors)
    >>> report.accuracy(), report.sections[0].correct
    (0.5, [('MAN', 'WOMAN', 'KING', 'QUEEN')])
    """
    rows = fold_words(words, case_insensitive)
    asked = [[_fold(question, case_insensitive) for question in section.questions] for section in sections]
    known = [question for question in chain(*asked) if all(word in rows for word in question)]
    places = np.array([[rows[word] for word in question] for question in known], np.int64).reshape(-1, 4)
    forms = first_forms(words, rows, case_insensitive)
    answers = solve_analogies(vectors, places[:, :3], forms)
    right = dict(zip(known, (answers >= 0) & (forms[answers] == places[:, 3]), strict=True))
    answered = []
    for section, questions in zip(sections, asked, strict=True):
        counted = [question for question in questions if dummy4unknown or question in right]
        correct = [question for question in counted if right.get(question)]
        incorrect = [question for question in counted if not right.get(question)]
        answered.append(AnsweredSection(section.name, section.syntactic, correct, incorrect))
    total = sum(map(len, asked))
    return AnalogyReport(tuple(answered), total - len(known), total)


def _fold(question: Question, case_insensitive: bool) -> Question:
    a, b, c, d = (fold(word, case_insensitive) for word in question)
    return a, b, c, d


def solve_analogies(
    vectors: NDArray[np.float32], questions: NDArray[np.int64], forms: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Return the row of largest cosine with b - a + c, the words normalised to unit vectors first ("3CosAdd").

    Parameters
    ----------
    vectors
        Shape (words, dim). `WORDS` rows at a time are normalised, and compared with `QUESTIONS` questions at a time, so
        that memory does not grow with the number of words.
    questions
        Rows a, b and c of each question, (questions, 3), which are excluded as answers.
    forms
        For each word the row of its first form, (words,): all forms of a, b and c are excluded. None: each word has one
        form.

    Returns
    -------
    The answers, (questions,); the lowest of rows with the same cosine, -1 if every word is excluded.

    Notes
    -----
    T. Mikolov, W. Yih and G. Zweig, "Linguistic regularities in continuous space word representations", 2013.

    Examples
    --------
    >>> vectors = np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]], np.float32)
    >>> solve_analogies(vectors, np.array([[0, 1, 2], [2, 3, 0]]))
    array([3, 1])
    """
    forms = np.arange(len(vectors)) if forms is None else forms
    excluded = forms[questions]
    a, b, c = (_unit_rows(vectors[questions[:, part]]) for part in range(3))
    queries = b - a + c
    answers = np.full(len(questions), -1, np.int64)
    highest = np.full(len(questions), -np.inf, np.float32)
    for start in range(0, len(vectors), WORDS):
        rows = _unit_rows(vectors[start : start + WORDS]).T
        for first in range(0, len(questions), QUESTIONS):
            block = slice(first, first + QUESTIONS)
            scores = np.asarray(queries[block] @ rows, np.float32)
            best, score = _best_allowed(scores, forms[start : start + WORDS], excluded[block])
            better = score > highest[block]
            answers[block][better] = start + best[better]
            highest[block][better] = score[better]
    return answers


def _unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / divisors(vectors)[:, None], np.float32)


def _best_allowed(
    scores: NDArray[np.float32], forms: NDArray[np.int64], excluded: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the best word and its score for each question; set scores of excluded words to minus infinity."""
    best = scores.argmax(1)
    score = scores[np.arange(len(best)), best]
    again = np.arange(len(best))
    while True:
        refused = (forms[best[again], None] == excluded[again]).any(1) & (score[again] > -np.inf)
        again = again[refused]
        if not len(again):
            return best, score
        scores[again, best[again]] = -np.inf
        best[again] = scores[again].argmax(1)
        score[again] = scores[again, best[again]]
