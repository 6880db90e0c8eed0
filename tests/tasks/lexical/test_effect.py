"""Trained alone on real lists for a second or two, each objective raises the held-out measure that it stands for.

Halves are of entries: words are in both. `benchmarks/lexical.py` measures more, and halves of words too.
"""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.datasets import path_of  # noqa: E402
from mt2st.embeddings.formats import load_vectors  # noqa: E402
from mt2st.embeddings.table import zero_table  # noqa: E402
from mt2st.errors import MissingExtraError  # noqa: E402
from mt2st.evaluation import evaluate_pairs, read_analogies, read_word_pairs, solve_analogies  # noqa: E402
from mt2st.evaluation.folding import fold_words  # noqa: E402
from mt2st.models.pytorch.table import TorchTable  # noqa: E402
from mt2st.tasks import Sampler  # noqa: E402
from mt2st.tasks.known_words import place_words  # noqa: E402
from mt2st.tasks.lexical.analogy import AnalogyTask  # noqa: E402
from mt2st.tasks.lexical.offset import OffsetTask  # noqa: E402
from mt2st.tasks.lexical.similarity import SimilarityTask  # noqa: E402


@pytest.fixture(scope="module")
def glove(shared_data):
    return load_vectors(shared_data / "glove" / "glove.6B.50d.10k.txt.xz")


def trained(vectors, make, size, steps):
    table = zero_table(*vectors.shape)
    table[:] = vectors
    shared = TorchTable(table, rate=0.02)
    sampler = Sampler(size, 128 * steps / size, steps, seed=1, name="effect")
    task = make(shared, sampler)
    for step in range(steps):
        task.learn(sampler.draw(), 1.0, 1.0)
        shared.finish_step(1 - step / steps)
    return table


def halves(count):
    order = np.random.default_rng(1).permutation(count)
    return order[: count // 2], order[count // 2 :]


def test_similarity_raises_rho_of_held_out_pairs(glove, shared_data):
    pairs = read_word_pairs(shared_data / "wordsim" / "EN-MEN-TR-3k.txt")
    known = place_words([(pair.first, pair.second) for pair in pairs], [fold_words(glove.index_to_key, True)] * 2)
    scores = np.array([pairs[place].score for place in known.kept])
    first, second = halves(len(scores))

    def make(shared, sampler):
        return SimilarityTask("words", shared, known.places[first], scores[first], sampler)

    def rho(table):
        find = {word: row for row, word in enumerate(glove.index_to_key)}
        held_out = [pairs[place] for place in known.kept[second]]
        return evaluate_pairs(held_out, lambda word: table[find[word.lower()]]).spearman[0]

    assert rho(trained(glove.vectors, make, len(first), 60)) > rho(glove.vectors) + 0.04


@pytest.fixture(scope="module")
def questions(glove):
    try:
        sections = read_analogies(path_of("analogies"))
    except MissingExtraError as error:
        pytest.skip(str(error))
    asked = [(*question, section.syntactic) for section in sections for question in section.questions]
    known = place_words(asked, [fold_words(glove.index_to_key, True)] * 4)
    return known.places, np.array([asked[place][4] for place in known.kept])


@pytest.mark.parametrize("objective", ["offset", "analogy"])
def test_offset_and_analogy_raise_the_accuracy_of_held_out_questions(glove, questions, objective):
    places, syntactic = questions
    first, second = halves(len(places))

    def make(shared, sampler):
        if objective == "offset":
            return OffsetTask("offset", shared, places[first], sampler)
        return AnalogyTask("asked", shared, places[first], syntactic[first], sampler, temperature=0.02)

    def accuracy(table):
        held_out = places[second][:500]
        return (solve_analogies(table, held_out[:, :3]) == held_out[:, 3]).mean()

    assert accuracy(trained(glove.vectors, make, len(first), 60)) > accuracy(glove.vectors) + 0.1
