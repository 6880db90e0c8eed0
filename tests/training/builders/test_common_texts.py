"""Which tasks share batches: those whose encoder reads the same texts, as often, in whatever order."""

import numpy as np
import pytest

from mt2st.tasks import LabelledRows, Sampler, TaggedRows, TargetRows
from mt2st.text import Ragged
from mt2st.training.builders.carried_over import carry_over
from mt2st.training.builders.common_texts import CommonTexts, places_of

TEXTS = [[1, 2], [3], [], [1, 2], [2, 1]]


def labelled(texts=TEXTS):
    return LabelledRows(Ragged.from_lists(texts), np.arange(len(texts), dtype=np.int32), tuple("abcdefg"))


def targets(texts=TEXTS):
    return TargetRows(Ragged.from_lists(texts), np.arange(len(texts), dtype=np.float32)[:, None], ("stars",))


def tagged(texts=TEXTS, looks=(0,) * 9):
    tokens = sum(map(len, texts))
    surface = np.array(looks[:tokens], np.int32)[:, None]
    return TaggedRows(Ragged.from_lists(texts), np.arange(tokens, dtype=np.int32), tuple("abcdefghi"), surface, 9)


class Task:
    def __init__(self, data, passes=2.0):
        self.data, self.sampler = data, Sampler(len(data), passes, 3, 1, "first")


def test_texts_in_another_order_are_put_in_the_first_ones():
    shuffled = [TEXTS[place] for place in (4, 3, 2, 0, 1)]
    found = places_of(labelled(), targets(shuffled))
    assert found.tolist() == [1, 4, 2, 3, 0], "equal texts in turn"
    rows = carry_over(targets(shuffled), labelled(), found)
    assert [rows.rows.row(i).tolist() for i in range(5)] == TEXTS
    assert rows.targets[:, 0].tolist() == found.tolist()


MANY = [[number, number + 1] for number in range(20)]
LACKING = [text for number, text in enumerate(MANY) if number not in (3, 8)][::-1]


def test_up_to_a_tenth_of_the_texts_may_lack_and_has_no_label_then():
    common, first = CommonTexts(), Task(LabelledRows(Ragged.from_lists(MANY), np.zeros(20, np.int32), ("a",)))
    common.add(first)
    fewer = Ragged.from_lists(LACKING)
    ratings = TargetRows(fewer, np.arange(18, dtype=np.float32)[:, None], ("stars",))
    classes = LabelledRows(fewer, np.arange(18, dtype=np.int32) % 5, tuple("abcde"))
    for task in (first, Task(tagged_as(MANY))):
        common.add(task)
    found, task = common.join(ratings, 2.0)
    wanted = [next((k for k, one in enumerate(LACKING) if one == text), -1) for text in MANY]
    assert task is first and found.rows is first.data.rows
    assert np.nan_to_num(found.targets[:, 0], nan=-1).tolist() == wanted
    found, _ = common.join(classes, 2.0)
    assert found.labels.tolist() == [k % 5 if k >= 0 else -1 for k in wanted] and found.gaps
    tags, task = common.join(tagged_as(LACKING), 2.0)
    assert task is not first and tags.rows is task.data.rows and tags.surface is task.data.surface
    assert tags.tags.reshape(20, 2).tolist() == [[k % 7, k % 7] if k >= 0 else [-1, -1] for k in wanted]
    assert tags.counts.tolist() == [0 if k < 0 else 2 for k in wanted]
    one_more = ratings.rows.select(np.arange(17))
    assert common.join(TargetRows(one_more, ratings.targets[:17], ("stars",)), 2.0)[1] is None
    strange = Ragged.from_lists([*LACKING[:-1], [77, 77]])
    assert common.join(TargetRows(strange, ratings.targets, ("stars",)), 2.0)[1] is None


def tagged_as(texts):
    rows = Ragged.from_lists(texts)
    tags = np.repeat(np.arange(len(texts), dtype=np.int32) % 7, 2)
    return TaggedRows(rows, tags, tuple("abcdefg"), rows.ids[:, None].copy(), 30)


@pytest.mark.parametrize(
    "others",
    [
        TEXTS[:4],  # more than a tenth lacks
        [*TEXTS, [1]],
        [[1, 2], [3], [], [1, 2], [2, 2]],
        [[1, 2], [3], [], [2, 1], [2, 1]],  # one of them once too often
        [[1], [2, 3], [], [1, 2], [2, 1]],  # the same words, cut elsewhere
        [[1, 2], [3], [1], [2], [2, 1]],
    ],
)
@pytest.mark.parametrize("make", [labelled, tagged])
def test_other_texts_are_not_the_same(make, others):
    assert places_of(make(), make(others)) is None
    assert places_of(make(others), make()) is None


def test_taggers_share_with_taggers_whose_tokens_look_the_same():
    assert places_of(tagged(), tagged()).tolist() == [0, 1, 2, 3, 4]
    assert places_of(tagged(), labelled()) is None and places_of(labelled(), tagged()) is None
    one = tagged(looks=(0, 1, 2, 3, 4, 5, 6))
    assert places_of(one, tagged(looks=(0, 1, 2, 3, 4, 6, 5))) is None
    moved = [TEXTS[place] for place in (3, 1, 2, 0, 4)]
    assert places_of(one, tagged(moved, looks=(3, 4, 2, 0, 1, 5, 6))).tolist() == [3, 1, 2, 0, 4]


def test_a_task_joins_the_first_with_its_texts_and_passes():
    common = CommonTexts()
    assert common.join(labelled(), 2.0)[1] is None
    one, two = Task(labelled()), Task(labelled(), 3.0)
    common.add(one)
    common.add(two)
    reverse = targets(TEXTS[::-1])
    found, task = common.join(reverse, 3.0)
    assert task is two
    assert [found.rows.row(i).tolist() for i in range(5)] == TEXTS
    assert common.join(reverse, 2.0)[1] is one
    kept, task = common.join(reverse, 2.5)
    assert kept is reverse and task is None


# From files: a label, a rating and tags.
COLUMNS = "label\tstars\ttext\n"
TOKENS = ["Anna", "saw", "Paris", "in", "May"]


@pytest.fixture
def reviews(tmp_path):
    """Return the path of a file of a label and a rating a text, some ratings not known, and the ratings by text."""
    from itertools import cycle

    stars, lines, known = cycle(["1", "", "4", "2.5", "5"]), [], {}
    for number in range(40):
        text, rating = f"the film number{number} was {'fine' if number % 2 else 'dull'}", next(stars)
        lines.append(f"{('neg', 'pos')[number % 2]}\t{rating}\t{text}\n")
        known[text] = float(rating or "nan")
    path = tmp_path / "both.tsv"
    path.write_text(COLUMNS + "".join(lines))
    return path, known


@pytest.fixture
def job_of(small_job, reviews):
    """Return a maker of jobs of a label and a rating of the same texts."""
    path = str(reviews[0])

    def make(changes=None, **rating):
        stars = {"kind": "regression", "data": path, "label_column": "stars", "passes": 5.0, **rating}
        primary = {"name": "mood", "data": path, "label_column": "label", "passes": 5.0}
        values = {"model.encoder": "bilstm", "primary": primary, "auxiliary": {"stars": stars}, **(changes or {})}
        return small_job(values)

    return make


def test_two_labels_of_the_same_texts_share_the_primarys_batches(job_of, reviews):
    pytest.importorskip("torch")
    mood, stars = job_of().tasks.values()
    assert stars.sampler is mood.sampler
    assert mood.data.rows.ids.tolist() == stars.data.rows.ids.tolist()
    assert len(mood.data) == 24, "a fifth each for development and test"
    words = job_of().corpus.features.words.words
    for place, rating in enumerate(stars.data.targets[:, 0]):
        text = " ".join(words[k] for k in mood.data.rows.row(place))
        assert text in reviews[1] and np.array_equal(rating, reviews[1][text], equal_nan=True)
    alone = job_of({"auxiliary": {}}).tasks["mood"]
    assert [mood.sampler.draw().tolist() for _ in range(4)] == [alone.sampler.draw().tolist() for _ in range(4)]


@pytest.mark.parametrize(
    ("changes", "rating"),
    [
        ({}, {"passes": 5.5}),
        ({"primary.labels": 12}, {}),
        ({"model.max_words": 3}, {}),  # cuts texts to be classified alone
        ({"model.encoder": "bag"}, {}),
        ({"training.one_pass": False}, {}),
    ],
)
def test_tasks_that_differ_in_passes_texts_or_length_or_are_told_to_draw_by_themselves(job_of, changes, rating):
    pytest.importorskip("torch")
    mood, stars = job_of(changes, **rating).tasks.values()
    assert mood.sampler is not stars.sampler


def test_texts_that_another_file_lacks_are_the_primarys_alone(job_of, tmp_path):
    pytest.importorskip("torch")
    text = (tmp_path / "both.tsv").read_text().splitlines()
    (tmp_path / "development.tsv").write_text("\n".join([text[0], "pos\t1\ta fine film", "neg\t1\ta poor film"]) + "\n")
    (tmp_path / "fewer.tsv").write_text("\n".join([*text[:7], *text[9:]]) + "\n")
    own = {"primary.development_data": str(tmp_path / "development.tsv"), "primary.test": 2}
    both = job_of()
    same = {"data": str(tmp_path / "fewer.tsv"), "label_column": "label", "passes": 5.0}
    job = job_of({**own, "auxiliary.same": same})
    mood, stars, classes = (job.tasks[name] for name in ("mood", "stars", "same"))
    assert mood.sampler is stars.sampler is classes.sampler and len(both.tasks["mood"].data) == 24
    assert len(mood.data) == 38 and np.flatnonzero(classes.data.labels < 0).size == 2
    known = classes.data.labels >= 0
    assert classes.data.labels[known].tolist() == mood.data.labels[known].tolist()
    assert classes.counts.sum() == 36
    batch = np.array([*np.flatnonzero(~known), 0, 1, 2])
    assert known[batch].tolist() == [False, False, True, True, True]
    classes.model.encoder.eval()
    outcome = classes.learn(batch, 1.0, 1.0)
    logits = classes.logits(mood.data.rows)[batch[2:]]
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    wanted = -np.log(probabilities[np.arange(3), mood.data.labels[batch[2:]]]).sum()
    assert (outcome.terms, outcome.loss) == (3, pytest.approx(wanted, rel=1e-5))


def test_taggers_of_one_file_share_batches_and_surface_vectors_and_pairs_nothing(small_job, tmp_path):
    pytest.importorskip("torch")
    lines = [
        f"{token}{number}\tT{place % 3}\t{'XY'[place % 2]}" for number in range(9) for place, token in enumerate(TOKENS)
    ]
    path = tmp_path / "tags.tsv"
    path.write_text("\n".join(line + "\n" * (place % 5 == 4) for place, line in enumerate(lines)) + "\n")
    (tmp_path / "alike.tsv").write_text("5\ta fine film\ta film\n1\tdull\tthe table\n" * 4)
    tagger = {"kind": "tagging", "data": str(path), "passes": 3.0, "format": "columns", "scheme": "none"}
    pairs = {"kind": "pairs", "data": str(tmp_path / "alike.tsv"), "passes": 3.0}
    auxiliary = {
        "pos": {**tagger, "label_column": 2},
        "case": {**tagger, "label_column": 3},
        "alone": {**tagger, "label_column": 3, "passes": 4.0},
        "one": pairs,
        "two": pairs,
    }
    tasks = small_job({"model.encoder": "bilstm", "auxiliary": auxiliary}).tasks
    assert tasks["pos"].classes == ("T0", "T1", "T2") and tasks["case"].classes == ("X", "Y")
    assert tasks["case"].sampler is tasks["pos"].sampler is not tasks["alone"].sampler
    assert tasks["case"].layer.surface is tasks["pos"].layer.surface is not tasks["alone"].layer.surface
    assert tasks["one"].sampler is not tasks["two"].sampler
