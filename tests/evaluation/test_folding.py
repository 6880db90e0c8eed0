from mt2st.evaluation.folding import first_forms, fold_words

WORDS = ["us", "Paris", "US", "paris", "Us"]


def test_the_first_of_several_forms_stands_for_all():
    rows = fold_words(WORDS, case_insensitive=True)
    assert rows == {"US": 0, "PARIS": 1}
    assert first_forms(WORDS, rows, case_insensitive=True).tolist() == [0, 1, 0, 1, 0]


def test_case_can_be_told_apart():
    rows = fold_words(WORDS, case_insensitive=False)
    assert rows == {word: row for row, word in enumerate(WORDS)}
    assert first_forms(WORDS, rows, case_insensitive=False).tolist() == [0, 1, 2, 3, 4]
