import numpy as np

from mt2st.report.counting import find_coverage


def test_unknown_words_are_counted_and_texts_set_beside_each_other():
    tokens = [["a", "a", "b", "a", "a"], ["a"], ["x", "a", "a", "a"], []]
    found = find_coverage(tokens, {"a"}.__contains__, np.array([True, False, True, True]))
    assert (found.words, found.unseen, list(found.frequent)) == (10, 2, [("b", 1), ("x", 1)])
    assert [tuple(group) for group in found.groups] == [
        ("all words known", 2, 0.5),
        ("some unknown", 1, 1.0),
        ("a quarter unknown, or more", 1, 1.0),
    ]
    assert find_coverage([], {"a"}.__contains__).words == 0
