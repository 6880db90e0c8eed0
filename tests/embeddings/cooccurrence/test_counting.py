from collections import Counter

import numpy as np
import pytest

from mt2st.embeddings.cooccurrence import Cooccurrences, count_cooccurrences
from mt2st.embeddings.cooccurrence.runs import PairCounter, merged_rows
from mt2st.errors import ConfigError, DataError
from mt2st.text import Ragged


def make_text(words, sentences, seed=1):
    """Return sentences of 0 to 29 words, low ids the more frequent."""
    random = np.random.default_rng(seed)
    return [(words * random.random(random.integers(0, 30)) ** 3).astype(np.int32) for _ in range(sentences)]


def count_by_hand(sentences, window, symmetric, distance_weighting):
    """Return {(row, column): value}, one pair at a time."""
    found = Counter()
    for sentence in sentences:
        for right in range(len(sentence)):
            for left in range(max(0, right - window), right):
                value = 1 / (right - left) if distance_weighting else 1
                found[int(sentence[left]), int(sentence[right])] += value
                if symmetric:
                    found[int(sentence[right]), int(sentence[left])] += value
    return found


def as_dictionary(found):
    pairs = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs) == len(found)
    return dict(zip(pairs, found.values.tolist(), strict=True))


def check_equal(found, expected):
    assert found.keys() == expected.keys()
    np.testing.assert_allclose([found[pair] for pair in expected], list(expected.values()), rtol=2e-7)


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize(("window", "distance_weighting"), [(10, True), (1, True), (3, False), (255, True)])
def test_counts_as_one_pair_at_a_time(tmp_path, symmetric, window, distance_weighting):
    sentences = make_text(words=300, sentences=200)
    options = {"window": window, "symmetric": symmetric, "distance_weighting": distance_weighting}
    # A megabyte holds 181 words in the head: some pairs are within, some half within, some without.
    found = count_cooccurrences([Ragged.from_lists(sentences)], 300, tmp_path, memory=1 << 20, **options)
    check_equal(as_dictionary(found), count_by_hand(sentences, **options))


def test_a_word_beside_itself_counts_twice_and_sentences_are_apart(tmp_path):
    found = count_cooccurrences([Ragged.from_lists([[0, 0, 1], [], [2], [3, 1]])], 4, tmp_path, window=2)
    assert as_dictionary(found) == {(0, 0): 2.0, (0, 1): 1.5, (1, 0): 1.5, (3, 1): 1.0, (1, 3): 1.0}


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("limit", [1, 50, 10**6])
def test_runs_on_disk_add_up(tmp_path, symmetric, limit):
    sentences, weights = make_text(words=60, sentences=80), 1 / np.maximum(np.arange(6.0), 1)
    # A head of 11 words, and 188 events at a time: one long sentence fills them several times over.
    sentences.append(np.arange(600, dtype=np.int32) % 60)
    counter = PairCounter(60, tmp_path / "runs", weights, symmetric, memory=4000)
    for part in (sentences[:30], sentences[30:]):
        counter.add(Ragged.from_lists(part))
    assert len(counter.head) == 11
    assert len(counter.runs) > 10
    found = {}
    for block in merged_rows(60, counter.head, counter.runs, limit):
        for i in range(len(block.starts) - 1):
            at = slice(block.starts[i], block.starts[i + 1])
            found |= {
                (block.first + i, column): value
                for column, value in zip(block.columns[at].tolist(), block.values[at].tolist(), strict=True)
            }
    expected = count_by_hand(sentences, 5, False, True)
    if symmetric:
        expected = sum((Counter({(max(pair), min(pair)): value}) for pair, value in expected.items()), Counter())
    check_equal(found, expected)


def test_large_sums_keep_small_addends(tmp_path):
    # In float32, ten million and a tenth is ten million.
    counter = PairCounter(2, tmp_path / "runs", np.array([1.0, 0.1]), True, memory=1 << 20)
    counter.head[1, 0] = 1e7
    counter.add(Ragged.from_lists([[0, 1]] * 10))
    assert counter.head[1, 0] == pytest.approx(1e7 + 1, abs=1e-6)


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_and_shards_of_text_make_no_difference(tmp_path, workers):
    sentences = make_text(words=300, sentences=300)
    expected = count_by_hand(sentences, 10, True, True)
    seen = []
    texts = [Ragged.from_lists(sentences[:100]), Ragged.from_lists(sentences[100:])]
    found = count_cooccurrences(
        iter(texts), 300, tmp_path, workers=workers, memory=workers << 20, on_progress=seen.append
    )
    check_equal(as_dictionary(found), expected)
    assert seen == [len(texts[0].ids), len(texts[0].ids) + len(texts[1].ids)]


def test_text_may_be_mapped_read_only(tmp_path):
    text = Ragged.from_lists([[0, 1], [1, 2]])
    for name, array in (("ids", text.ids), ("offsets", text.offsets)):
        np.save(tmp_path / f"{name}.npy", array)
    mapped = Ragged(*(np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("ids", "offsets")))
    assert len(count_cooccurrences([mapped], 3, tmp_path / "found")) == 4


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """Some 35,000 records in shards of 500."""
    text = [Ragged.from_lists(make_text(words=400, sentences=1500))]

    def count(name, seed):
        return count_cooccurrences(text, 400, tmp_path_factory.mktemp(name), seed=seed, shard_records=500)

    return count


def test_a_seed_gives_one_order_and_another_seed_another(counted):
    first, again, other = (counted("order", seed) for seed in (1, 1, 2))
    for name in ("rows", "columns", "values"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert as_dictionary(first) == as_dictionary(other)
    assert np.mean(first.columns == other.columns) < 0.1


def test_every_shard_is_a_fair_sample_with_its_rows_together(counted):
    found = counted("sample", 3)
    # Rows rise within a shard and fall between two.
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(found.rows) < 0) + 1, [len(found)]])
    sizes = np.diff(cuts)
    assert len(sizes) > 60
    assert 350 < sizes.mean() < 650
    assert sizes.std() < 2 * np.sqrt(sizes.mean())
    for name in ("rows", "columns"):
        ids = getattr(found, name).astype(float)
        means = np.add.reduceat(ids, cuts[:-1]) / sizes
        scores = (means - ids.mean()) / (ids.std() / np.sqrt(sizes))
        assert 0.7 < scores.std() < 1.3
        assert abs(scores).max() < 5


def test_the_columns_of_a_row_are_in_random_order(counted):
    found = counted("columns", 4)
    rises = (np.diff(found.columns) > 0)[np.diff(found.rows) == 0]
    assert len(rises) > 5000
    assert 0.47 < rises.mean() < 0.53


def test_reading_is_slicing(counted):
    found = counted("read", 5)
    for start, stop in ((0, 10), (123, 4567), (len(found) - 3, len(found) + 9), (len(found), len(found) + 1)):
        for array, name in zip(found.read(start, stop), ("rows", "columns", "values"), strict=True):
            np.testing.assert_array_equal(array, getattr(found, name)[start:stop])
            assert array.dtype == getattr(found, name).dtype


def test_only_the_records_are_left_behind(tmp_path):
    def fail():
        yield Ragged.from_lists([[0, 1]])
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        count_cooccurrences(fail(), 2, tmp_path)
    assert list(tmp_path.iterdir()) == []
    found = count_cooccurrences([Ragged.from_lists([[0, 1]])], 2, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["columns.npy", "rows.npy", "values.npy"]
    assert as_dictionary(Cooccurrences.open(tmp_path)) == as_dictionary(found) == {(0, 1): 1.0, (1, 0): 1.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": 0}, "window must be 1 to 255: 0"),
        ({"window": 256}, "window must be 1 to 255: 256"),
        ({"words": 0}, "words must be 1"),
        ({"words": 2**28 + 1}, "words must be 1"),
        ({"memory": 1000}, "at least 1048576 a worker: 1000"),
        ({"memory": 1 << 20, "workers": 2}, "a worker"),
        ({"workers": 0}, "workers"),
        ({"shard_records": 0}, "shard_records"),
    ],
)
def test_settings_out_of_bounds(tmp_path, options, message):
    with pytest.raises(ConfigError, match=message):
        count_cooccurrences([], **{"words": 2, "folder": tmp_path, **options})


@pytest.mark.parametrize(
    ("rows", "message"), [([[0, 2]], "0 to 1, found 0 to 2"), ([[-1, 1]], "found -1"), ([[0], [1]], "no two words")]
)
def test_texts_that_cannot_be_counted(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        count_cooccurrences([Ragged.from_lists(rows)], 2, tmp_path)


def test_folders_that_hold_no_records(tmp_path):
    with pytest.raises(DataError, match="count them again"):
        Cooccurrences.open(tmp_path)
    count_cooccurrences([Ragged.from_lists([[0, 1, 2]])], 3, tmp_path)
    (tmp_path / "values.npy").write_bytes((tmp_path / "values.npy").read_bytes()[:-4])
    with pytest.raises(DataError, match="count them again"):
        Cooccurrences.open(tmp_path)
    np.save(tmp_path / "values.npy", np.zeros(6))
    with pytest.raises(DataError, match=r"float64 \(6,\) found"):
        Cooccurrences.open(tmp_path)
