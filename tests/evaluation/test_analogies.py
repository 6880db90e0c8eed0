import numpy as np
import pytest

from mt2st.errors import DataError, MissingExtraError
from mt2st.evaluation import AnalogySection, analogies, evaluate_analogies, read_analogies, solve_analogies

WORDS = ["man", "woman", "king", "queen", "apple"]
VECTORS = np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]], np.float32)
FAMILY = ("man", "woman", "king", "queen")


def one_by_one(vectors, questions):
    """Answer each question on its own in float64."""
    rows = vectors.astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    answers = []
    for a, b, c in questions:
        scores = rows @ (rows[b] - rows[a] + rows[c])
        scores[[a, b, c]] = -np.inf
        answers.append(scores.argmax())
    return answers


@pytest.mark.parametrize(("questions", "words"), [(1, 1), (7, 5), (512, 4096), (64, 1000)])
def test_blocks_of_any_size_give_the_answers_of_one_at_a_time(monkeypatch, questions, words):
    monkeypatch.setattr(analogies, "QUESTIONS", questions)
    monkeypatch.setattr(analogies, "WORDS", words)
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(60, 8)).astype(np.float32)
    asked = rng.integers(0, 60, (90, 3))
    assert solve_analogies(vectors, asked).tolist() == one_by_one(vectors, asked)


def test_memory_maps_and_padded_rows_are_read_in_place(tmp_path):
    rng = np.random.default_rng(1)
    padded = np.memmap(tmp_path / "rows", np.float32, "w+", shape=(50, 16))
    padded[:] = rng.normal(size=padded.shape)
    padded.flush()
    vectors = np.memmap(tmp_path / "rows", np.float32, "r", shape=(50, 16))[:, :9]
    asked = rng.integers(0, 50, (40, 3))
    assert solve_analogies(vectors, asked).tolist() == one_by_one(vectors, asked)


def test_lengths_of_vectors_do_not_count():
    scales = np.array([[1], [100], [0.01], [7], [50]], np.float32)
    assert solve_analogies(VECTORS * scales, np.array([[0, 1, 2]])).tolist() == [3]


def test_other_forms_of_the_words_asked_for_are_no_answers():
    vectors = np.array([[1, 0], [1, 0.1], [1, 0.2], [1, 0.3], [0, 1]], np.float32)
    # The nearest to row 0 is row 0 itself, then 1, 2, 3; row 1 and 2 are forms of row 0.
    assert solve_analogies(vectors, np.array([[0, 0, 0]])).tolist() == [1]
    forms = np.array([0, 0, 0, 3, 4])
    assert solve_analogies(vectors, np.array([[0, 0, 0], [2, 2, 2]]), forms).tolist() == [3, 3]


def test_no_word_left_is_no_answer():
    vectors = np.eye(3, dtype=np.float32)
    assert solve_analogies(vectors, np.array([[0, 1, 2], [0, 1, 1]])).tolist() == [-1, 2]
    report = evaluate_analogies([AnalogySection("x", [("a", "b", "c", "c")])], ["a", "b", "c"], vectors)
    assert report.accuracy() == 0.0


def test_of_equal_words_the_first_is_the_answer():
    vectors = np.array([[1, 0], [0, 1], [1, 1], [1, 1]], np.float32)
    assert solve_analogies(vectors, np.array([[0, 1, 0]])).tolist() == [2]


def test_kinds_of_sections_by_hand():
    sections = [
        AnalogySection("family", [FAMILY, ("man", "king", "woman", "apple"), ("man", "woman", "king", "prince")]),
        AnalogySection("gram1", [("king", "queen", "man", "woman")]),
        AnalogySection("gram2", []),
    ]
    report = evaluate_analogies(sections, WORDS, VECTORS)
    assert (report.accuracy(), report.answered(), report.unknown, report.oov_ratio) == (2 / 3, 3, 1, 25.0)
    assert (report.accuracy(syntactic=False), report.accuracy(syntactic=True)) == (0.5, 1.0)
    assert [section.answered for section in report.sections] == [2, 1, 0]
    assert report.as_dict()["syntactic"] == 1.0
    counted = evaluate_analogies(sections, WORDS, VECTORS, dummy4unknown=True)
    assert (counted.accuracy(), counted.unknown) == (0.5, 1)
    assert counted.sections[0].incorrect[-1] == ("MAN", "WOMAN", "KING", "PRINCE")


def test_case_is_told_apart_if_asked():
    asked = [AnalogySection("x", [FAMILY, ("Man", "Woman", "King", "Queen")])]
    assert evaluate_analogies(asked, WORDS, VECTORS).accuracy() == 1.0
    report = evaluate_analogies(asked, WORDS, VECTORS, case_insensitive=False)
    assert (report.answered(), report.unknown) == (1, 1)


def test_nothing_known_has_no_accuracy():
    report = evaluate_analogies([AnalogySection("x", [("a", "b", "c", "d")])], WORDS, VECTORS)
    assert (report.accuracy(), report.answered(), report.oov_ratio) == (None, 0, 100.0)


def test_nan_is_refused():
    broken = VECTORS.copy()
    broken[4, 0] = np.nan
    with pytest.raises(DataError, match="row 4 holds NaN"):
        evaluate_analogies([AnalogySection("x", [FAMILY])], WORDS, broken)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a b c d\n: x\n", ":1: a question before the first section"),
        (": x\na b c d\na b c\n", ":3: a question is four words, 3 found"),
        (": x\na b c d e\n", ":2: a question is four words, 5 found"),
        (": x\n\n", ": there is no question in the file"),
        (": x\na b \0 c\n", ":2:5: a NUL byte"),
    ],
)
def test_bad_lines_are_told_by_their_place(tmp_path, text, place):
    path = tmp_path / "questions.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=r"questions\.txt" + place):
        read_analogies(path)


def test_comments_are_skipped(tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text("// where it is from\n# of family\n: family\nman woman king queen\n#a b c d\n")
    assert read_analogies(path) == [AnalogySection("family", [FAMILY])]


def test_the_named_questions_are_read():
    from mt2st.datasets import path_of

    try:
        sections = read_analogies(path_of("analogies"))
    except MissingExtraError:
        pytest.skip("gensim is not installed")
    kinds = [sum(len(s.questions) for s in sections if s.syntactic is kind) for kind in (False, True)]
    assert (len(sections), kinds) == (14, [8869, 10675])
