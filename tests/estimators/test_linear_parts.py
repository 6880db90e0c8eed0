from types import SimpleNamespace

import numpy as np
import pytest
from scipy.sparse import csr_array

from mt2st import TextClassifier, TextVectorizer
from mt2st.estimators.fitting import convex_end, joint, language, side_by_side
from mt2st.estimators.fitting import fit_text as fitting
from mt2st.estimators.fitting.blocks import column_blocks, join_blocks, text_blocks
from mt2st.estimators.fitting.held_out import Known
from mt2st.estimators.fitting.side_by_side import SideBySide
from mt2st.models.columns.vectors import mean_vectors
from mt2st.models.convex import SparseRows, cross_validate, logistic_path
from mt2st.text import Ragged


@pytest.fixture(scope="module")
def helped():
    random = np.random.default_rng(0)
    words = [f"word{number}" for number in range(40)]

    def texts(count):
        return [" ".join(random.choice(words, 8)) for _ in range(count)]

    own, other = texts(60), texts(90)
    labels = ["yes" if "word1" in text.split() else "no" for text in own]
    kinds = [number % 3 for number in range(90)]
    return TextClassifier(vector_size=8, C=3.0).fit(own, labels, auxiliary={"kinds": (other, kinds)}), own


def test_the_finished_model_says_what_its_blocks_and_the_head_say(helped):
    classifier, own = helped
    fitted = classifier.fitted_
    assert fitted.helpers is not None and fitted.vectors is not None and fitted.model.columns.ngrams is not None
    blocks = text_blocks(fitted.model.columns.rows(own), fitted.helpers, fitted.vectors)
    expected = join_blocks(blocks, [1.0] * len(blocks)).scores(fitted.head.weights)
    np.testing.assert_allclose(fitted.model.scores(own), expected, rtol=1e-4, atol=1e-4)


def test_what_helpers_say_of_the_primarys_texts_has_mean_0_and_varies_by_1(helped):
    classifier, own = helped
    columns = classifier.fitted_.model.columns
    said = classifier.fitted_.helpers.scores(column_blocks(columns.rows(own)))
    np.testing.assert_allclose(said.mean(0), 0, atol=1e-9)
    np.testing.assert_allclose(said.std(0), 1, rtol=1e-9)


def test_the_share_of_the_vectors_is_multiplied_into_their_weights(monkeypatch):
    random = np.random.default_rng(1)
    words, vectors = random.normal(size=(40, 5)), random.normal(size=(40, 3))
    signs = np.sign(words[:, :1] + vectors[:, :1])
    common = {"several": False, "costs": (1.0,), "seed": 0, "workers": 1, "vectors": True}
    counts = np.ones_like(signs)
    monkeypatch.setattr(convex_end, "SHARES", (0.25,))
    shared = convex_end.fit_head([words, vectors], signs, counts, **common)
    monkeypatch.setattr(convex_end, "SHARES", (1.0,))
    scaled = convex_end.fit_head([words, 0.25 * vectors], signs, counts, **common)
    np.testing.assert_allclose(shared.weights[5:8], 0.25 * scaled.weights[5:8], rtol=1e-6)
    np.testing.assert_allclose(shared.weights[:5], scaled.weights[:5], rtol=1e-6)


def test_means_are_over_the_weights_of_a_text():
    table, weights = np.array([[1, 0], [0, 2]], np.float32), np.array([1, 3], np.float32)
    found = mean_vectors(Ragged.from_lists([[0, 1], [1, 1], []]), table, weights)
    np.testing.assert_allclose(found, [[0.25, 1.5], [0, 2], [0, 0]])


class Recorded:
    def __init__(self):
        self.sampler, self.seen = SimpleNamespace(draw=lambda: "batch"), []

    def learn(self, batch, weight, rate):
        self.seen.append((batch, weight, rate))


def test_rates_of_what_counted_last_fall_to_nothing_behind_an_early_end():
    tasks = {"primary": Recorded(), "film": Recorded(), "over": Recorded()}
    trainer = SimpleNamespace(job=SimpleNamespace(tasks=tasks))
    weights = {"primary": 1.0, "film": 0.5, "over": 0.0}
    joint.cool_down(trainer, SimpleNamespace(step=8, rate=0.6, weights=weights))
    assert tasks["film"].seen == [("batch", 0.5, 0.6), ("batch", 0.5, 0.3)], "a quarter of 8 steps"
    assert tasks["primary"].seen == tasks["over"].seen == []
    joint.cool_down(trainer, SimpleNamespace(step=8, rate=0.05, weights=weights))
    assert len(tasks["film"].seen) == 2, "rates that are near nothing need no more"


def test_the_multi_task_phase_ends_with_it(helped, monkeypatch):
    called = []
    monkeypatch.setattr(joint, "cool_down", lambda trainer, watch: called.append(watch.rate))
    _, own = helped
    labels, others = [number % 2 for number in range(len(own))], [f"{text} again" for text in own]
    TextClassifier(vector_size=4, C=1.0, strategy=0.5).fit(own, labels, auxiliary={"other": (others, labels)})
    assert len(called) == 1


def test_the_rate_of_the_language_model_falls_in_a_line(monkeypatch):
    rates = []

    class Watched(language.LanguageModel):
        def learn(self, batch, weight, rate):
            rates.append(rate)
            return super().learn(batch, weight, rate)

    monkeypatch.setattr(language, "LanguageModel", Watched)
    TextVectorizer(vector_size=4, min_count=1).fit(["a b c", "b c d"] * 20)
    np.testing.assert_allclose(rates, 1 - np.arange(joint.STEPS) / joint.STEPS)


def test_little_text_without_auxiliaries_has_no_vectors():
    assert fitting.LEAST_TEXT > 4
    assert TextClassifier(C=1.0).fit(["a b", "c d"] * 2, [0, 1] * 2).fitted_.vectors is None


def test_a_text_without_a_known_word_has_the_bias_alone():
    words = [f"{kind}{k}" for kind in ("north", "south") for k in range(20)]
    random = np.random.default_rng(0)
    texts = [" ".join(random.choice(words[20 * (k % 2) : 20 * (k % 2) + 20], 12)) for k in range(60)]
    more = [" ".join(random.choice(words[20 * (k % 2) : 20 * (k % 2) + 20], 12)) for k in range(6000)]
    classifier = TextClassifier(ngrams=False, passes=1.0).fit(texts, ["n", "s"] * 30, unlabelled=more)
    model = classifier.fitted_.model
    assert len(model.vector_weights)
    assert model.scores(["", "zzz"]) == pytest.approx(np.tile(model.bias, (2, 1)))
    assert classifier.predict_proba([""]) == pytest.approx(np.full((1, 2), 0.5), abs=0.05)
    assert not classifier.fitted_.vectors.of_texts(model.columns.rows(["zzz"])).any()


@pytest.mark.parametrize(("texts", "costs"), [(60, (1.0,)), (1002, (1e-3, 0.1, 1.0, 100.0))])
def test_vectors_that_mislead_count_nothing(texts, costs):
    random = np.random.default_rng(0)
    signs = np.where(np.arange(texts) % 2, 1.0, -1.0)[:, None]
    words = (0.1 * signs + random.normal(0, 0.01, (texts, 1))).astype(np.float32)
    blocks = [csr_array(words), (40 * random.normal(size=(texts, 40))).astype(np.float32)]
    how = {"vectors": True, "several": False, "costs": costs, "seed": 1, "workers": 1}
    head = convex_end.fit_head(blocks, signs, np.ones_like(signs), **how)
    assert head.share == 0.0 and head.accuracy == 1.0
    assert head.weights[0, 0] > 0 and not head.weights[1:-1].any()


def blocks_of(rows, seed=0):
    random = np.random.default_rng(seed)
    words = csr_array((random.normal(size=(rows, 60)) * (random.random((rows, 60)) < 0.5)).astype(np.float32))
    vectors = random.normal(size=(rows, 5)).astype(np.float32)
    told = words @ random.normal(size=(60, 3)) + vectors @ random.normal(size=(5, 3))
    return [words, vectors], np.where(told.argmax(1)[:, None] == np.arange(3), 1.0, -1.0)


@pytest.mark.parametrize("vectors", [True, False])
def test_a_head_is_the_same_by_columns_and_by_products(vectors, monkeypatch):
    blocks, signs = blocks_of(90)
    known = Known([np.arange(60) < 50])
    how = {"vectors": vectors, "several": False, "costs": None, "seed": 1, "workers": 1, "known": known}
    assert SideBySide.of(blocks, vectors=vectors).products
    one = convex_end.fit_head(blocks, signs, np.ones_like(signs), **how)
    monkeypatch.setattr(side_by_side, "MOST_ROWS", 0)
    assert not SideBySide.of(blocks, vectors=vectors).products
    other = convex_end.fit_head(blocks, signs, np.ones_like(signs), **how)
    assert (one.cost, one.share) == (other.cost, other.share)
    assert one.accuracy == pytest.approx(other.accuracy, abs=1.5 / 90)
    assert one.temperature == pytest.approx(other.temperature, rel=0.03)
    np.testing.assert_allclose(one.weights, other.weights, atol=0.01 * abs(other.weights).max())


def test_rows_are_gone_over_by_products_where_they_are_few_and_long():
    def choice(rows, entries):
        return bool(SideBySide.of([csr_array(np.ones((rows, entries), np.float32))], vectors=False).products)

    assert [choice(200, 25), choice(200, 26), choice(1000, 200), choice(1001, 200)] == [False, True, True, False]


def test_a_block_that_counts_nothing_holds_no_numbers():
    rows = join_blocks([np.eye(2, dtype=np.float32), np.ones((2, 3), np.float32)], [1.0, 0.0])
    assert rows.matrix().nnz == 4  # two, and the bias of each row
    assert rows.matrix().shape == (2, 6)


@pytest.mark.parametrize(("texts", "evidence"), [(1000, 0), (1002, 30)])
def test_weights_of_words_vary_by_what_they_tell_where_texts_are_many(texts, evidence):
    random = np.random.default_rng(0)
    words = csr_array((random.random((texts, 30)) < np.linspace(0.01, 0.2, 30)).astype(np.float32))
    signs = np.where((words @ random.normal(size=30) > 0)[:, None], 1.0, -1.0)
    how = {"vectors": False, "several": False, "costs": (1.0,), "seed": 1, "workers": 1}
    head = convex_end.fit_head([words], signs, np.ones_like(signs), **how)
    rows = SparseRows.of(words, occurrences=evidence)
    *_, expected = logistic_path(rows, signs, np.ones_like(signs), [1.0], np.arange(texts))
    np.testing.assert_allclose(head.weights, expected.weights, atol=0.01 * abs(expected.weights).max())


@pytest.mark.parametrize(("limit", "near"), [(50_000, {0.3, 1.0, 3.0}), (100, {1.0})])
def test_shares_are_tried_with_strengths_near_the_best_and_words_alone_with_all_above(limit, near, monkeypatch):
    found = []

    def watched(rows, *arguments, costs, **settings):
        found.append(set(costs))
        return cross_validate(rows, *arguments, costs=[1.0], **settings)

    monkeypatch.setattr(convex_end, "cross_validate", watched)
    monkeypatch.setattr(convex_end, "MANY_SIGNS", limit)
    blocks, signs = blocks_of(90)
    costs = (0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
    how = {"vectors": True, "several": False, "costs": costs, "seed": 1, "workers": 1}
    convex_end.fit_head(blocks, signs, np.ones_like(signs), **how)
    assert found == [set(costs), near, near, near | {3.0, 10.0, 100.0}]


@pytest.mark.parametrize("many", [50, 5000])
def test_threads_that_share_the_shares_change_nothing(many, monkeypatch):
    monkeypatch.setattr(convex_end, "MANY", many)
    blocks, signs = blocks_of(90)
    signs = signs[:, :1]
    how = {"vectors": True, "several": False, "costs": None, "seed": 1}
    one, two = (convex_end.fit_head(blocks, signs, np.ones_like(signs), workers=workers, **how) for workers in (1, 2))
    np.testing.assert_array_equal(one.weights, two.weights)
    assert (one.share, one.cost, one.temperature, one.accuracy) == (two.share, two.cost, two.temperature, two.accuracy)
