"""Every contender learns; rivals are what their own libraries give."""

import numpy as np
import pytest

pytest.importorskip("fasttext")
pytest.importorskip("gensim")

from gensim.models import KeyedVectors
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold

from mt2st.experiments.few_labels.contenders import AUTOTUNED, CONTENDERS
from mt2st.experiments.few_labels.contenders.fasttext_supervised import write_rows
from mt2st.experiments.few_labels.contenders.logistic import tune_logistic
from mt2st.experiments.few_labels.contenders.means import mean_vectors
from mt2st.experiments.few_labels.runs import judge
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split
from mt2st.text import tokenize

SIZES = Sizes(autotune=2)


@pytest.mark.parametrize("name", [name for name in CONTENDERS if name != "fastText"])
def test_every_contender_tells_two_words_apart(split, name):
    record = judge(name, split, 1, SIZES)
    assert record["test"]["accuracy"] >= 0.95 and record["rows"] == 40 and record["seconds"] > 0


def test_fasttext_repeats_itself_however_often_memory_was_used(split):
    found = [CONTENDERS["fastText"](split, 1, SIZES).predict(split.test_texts) for _ in range(20)]
    assert all(each == found[0] for each in found) and set(found[0]) <= {"yes", "no"}


def test_the_search_keeps_what_it_finds_and_trains_on_all_rows(split, monkeypatch):
    from mt2st.experiments.few_labels.contenders import fasttext_supervised

    written = []

    def kept(path, own, places):
        written.append(len(places))
        return write_rows(path, own, places)

    monkeypatch.setattr(fasttext_supervised, "write_rows", kept)
    trained = CONTENDERS[AUTOTUNED](split, 1, SIZES)
    assert written == [96, 24, 120] and set(trained.chosen) == {
        *fasttext_supervised.SEARCHED,
        *fasttext_supervised.GIVEN,
    }


def test_rows_are_written_as_fasttext_reads_them(split, tmp_path):
    write_rows(tmp_path / "rows", split, [0, 1])
    first, second = (tmp_path / "rows").read_text(encoding="utf-8").splitlines()
    assert first == f"__label__1 {' '.join(tokenize(split.texts[0]))}" and second.startswith("__label__0 ")


def test_strength_is_the_one_of_scikit_learns_own_search():
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(120, 30))
    truth = np.where(rows[:, 0] + chance.normal(size=120) > 0, "a", "b")
    costs = (0.003, 0.03, 0.3, 3.0)
    search = GridSearchCV(LogisticRegression(max_iter=1000), {"C": costs}, cv=KFold(5, shuffle=True, random_state=7))
    search.fit(rows, truth)
    found = tune_logistic(rows, truth, costs, 7)
    assert search.best_params_["C"] == found.C
    assert search.best_estimator_.coef_ == pytest.approx(found.coef_)


def test_tfidf_is_scikit_learns_pipeline(split):
    trained = CONTENDERS["TF-IDF"](split, 1, SIZES)
    vectorizer = TfidfVectorizer(tokenizer=tokenize, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True)
    rows = vectorizer.fit_transform(split.texts)
    model = LogisticRegression(C=trained.chosen["C"], max_iter=1000).fit(rows, split.labels)
    expected = model.predict(vectorizer.transform(split.test_texts)).tolist()
    assert trained.predict(split.test_texts) == expected


def test_the_vector_of_a_text_is_the_mean_of_known_words():
    vectors = KeyedVectors(2)
    vectors.add_vectors(["good", "film"], np.array([[1.0, 2.0], [3.0, 6.0]]))
    found = mean_vectors(vectors, ["Good film", "good GOOD film xyz", "xyz", ""])
    assert found == pytest.approx(np.array([[2, 4], [5 / 3, 10 / 3], [0, 0], [0, 0]]))


@pytest.mark.parametrize(("contender", "passes"), [("mt2st", "auto"), ("mt2st, 2 passes", 2.0)])
def test_in_a_hurry_there_are_two_passes(monkeypatch, contender, passes):
    def fit(self, *texts, **more):
        raise InterruptedError(self.passes)

    monkeypatch.setattr("mt2st.estimators.text_classifier.TextClassifier.fit", fit)
    with pytest.raises(InterruptedError) as asked:
        CONTENDERS[contender](Split([], [], [], [], [], {}), 1, Sizes())
    assert asked.value.args == (passes,)
