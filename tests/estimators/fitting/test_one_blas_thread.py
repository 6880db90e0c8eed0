from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from mt2st import TextClassifier
from mt2st.estimators.fitting import fit_text
from mt2st.estimators.fitting.one_blas_thread import one_blas_thread
from mt2st.models.convex.ridge import left_out_scores


def blas_threads():
    """Return the numbers of threads of the libraries for products that are loaded and were built with threads."""
    found = [each for each in threadpool_info() if each["user_api"] == "blas"]
    return {each["num_threads"] for each in found if each.get("threading_layer") != "disabled"}


def test_blas_has_one_thread_until_the_last_of_two_that_overlap_is_out():
    with threadpool_limits(2, user_api="blas"):
        before, first, second = blas_threads(), one_blas_thread(), one_blas_thread()
        found = []
        for step in (first.__enter__, second.__enter__):
            step()
            found.append(blas_threads())
        first.__exit__(None, None, None)
        found.append(blas_threads())
        second.__exit__(None, None, None)
        assert found == [{1}] * 3
        assert blas_threads() == before == {2}


def test_the_last_to_end_restores_the_number_though_another_thread_set_it():
    with (
        threadpool_limits(2, user_api="blas"),
        ThreadPoolExecutor(1) as earlier,
        ThreadPoolExecutor(1) as later,
    ):
        first, second = one_blas_thread(), one_blas_thread()
        earlier.submit(first.__enter__).result()
        later.submit(second.__enter__).result()
        earlier.submit(first.__exit__, None, None, None).result()
        assert blas_threads() == {1}
        later.submit(second.__exit__, None, None, None).result()
        assert blas_threads() == {2}


def test_an_error_inside_ends_the_limit():
    with threadpool_limits(2, user_api="blas"):
        with pytest.raises(ValueError, match="inside"), one_blas_thread():
            raise ValueError("inside")
        assert blas_threads() == {2}


def test_the_products_of_a_fit_are_not_shared_among_threads(monkeypatch):
    seen = set()

    def told(rows, signs, penalties):
        seen.update(blas_threads())
        return left_out_scores(rows, signs, penalties)

    monkeypatch.setattr("mt2st.estimators.fitting.probe.left_out_scores", told)
    texts, labels = [f"{word} film" for word in ("good", "bad") * 10], ["pos", "neg"] * 10
    with threadpool_limits(2, user_api="blas"):
        TextClassifier().fit(texts, labels, auxiliary={"other": ([f"{text} again" for text in texts], labels)})
        assert seen == {1} and blas_threads() == {2}


def test_a_head_fitted_again_has_one_thread_too(monkeypatch):
    seen, texts, labels = [], ["good film", "bad film"] * 5, ["pos", "neg"] * 5
    classifier = TextClassifier().partial_fit(texts, labels)
    head = fit_text.fit_head

    def watched(*arguments, **settings):
        seen.append(blas_threads())
        return head(*arguments, **settings)

    monkeypatch.setattr(fit_text, "fit_head", watched)
    with threadpool_limits(2, user_api="blas"):
        classifier.partial_fit(texts, labels)
        assert seen == [{1}] and blas_threads() == {2}
