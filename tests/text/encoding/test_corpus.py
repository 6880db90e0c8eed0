import json
import subprocess
import sys

import numpy as np
import pytest

from mt2st.errors import CheckpointError
from mt2st.text import Ragged
from mt2st.text.encoding import EncodedCorpus, encode_corpus


@pytest.fixture
def folder(tmp_path):
    encode_corpus([["a", "b"], ["rare"], ["b"], ["b", "a"]], tmp_path / "c", min_count=2)
    return tmp_path / "c"


def test_what_is_open(folder):
    corpus = EncodedCorpus.open(str(folder))
    assert (corpus.folder, corpus.words, corpus.sentences, corpus.tokens) == (folder, 6, 3, 5)
    assert (corpus.vocabulary.words, corpus.vocabulary.counts.tolist()) == (["b", "a"], [3, 2])
    (shard,) = corpus.shards
    assert isinstance(shard, Ragged)
    assert (shard.ids.dtype, shard.ids.tolist()) == (np.int32, [1, 0, 0, 0, 1])
    assert (shard.offsets.dtype, shard.offsets.tolist()) == (np.int64, [0, 2, 3, 5])


def test_arrays_are_whole_and_written_to_memory_alone(folder):
    shard = EncodedCorpus.open(folder).shards[0]
    assert shard.ids.flags.writeable and shard.ids.flags.c_contiguous and type(shard.ids) is np.ndarray
    shard.ids[:] = 7
    assert EncodedCorpus.open(folder).shards[0].ids.tolist() == [1, 0, 0, 0, 1]


def test_no_corpus(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CheckpointError, match=f"^{folder}: there is no finished corpus: make one"):
            EncodedCorpus.open(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "\udcff"])
def test_an_unreadable_seal(folder, content):
    (folder / "corpus.json").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(CheckpointError, match="no finished corpus"):
        EncodedCorpus.open(folder)


def change(folder, **values):
    path = folder / "corpus.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_another_version(folder):
    change(folder, version=99)
    with pytest.raises(CheckpointError, match="version 1 is expected, 99 found: encode it again"):
        EncodedCorpus.open(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"shards": [[5, 2]]},
        {"shards": [[4, 3]]},
        {"shards": [[3, 2], [2, 1]]},
        {"shards": [[2**70, 3]]},
        {"shards": "x"},
        {"shards": []},
        {"vocabulary": 3},
        {"vocabulary": None},
        {"bytes": 5},
        {"words": None},
    ],
)
def test_a_seal_that_does_not_fit(folder, values):
    change(folder, **values)
    with pytest.raises(CheckpointError, match=r"the corpus is damaged .*encode it again"):
        EncodedCorpus.open(folder)


@pytest.mark.parametrize("name", ["ids.int32", "offsets.int64", "words.txt", "counts.int64"])
def test_a_file_that_is_missing_short_or_long(folder, name):
    content = (folder / name).read_bytes()
    for damaged in (content[:-1], content + b"x", b""):
        (folder / name).write_bytes(damaged)
        with pytest.raises(CheckpointError, match=rf"damaged \({name} has {len(damaged)} bytes, not {len(content)}"):
            EncodedCorpus.open(folder)
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match="damaged"):
        EncodedCorpus.open(folder)


def test_offsets_that_do_not_rise(folder):
    np.array([0, 3, 2, 5]).tofile(folder / "offsets.int64")
    with pytest.raises(CheckpointError, match="offsets must rise"):
        EncodedCorpus.open(folder)


def test_counts_that_do_not_fit(folder):
    np.array([3, 1]).tofile(folder / "counts.int64")
    with pytest.raises(CheckpointError, match="4 words are counted, but there are 5 ids"):
        EncodedCorpus.open(folder)


def test_words_that_are_no_utf8(folder):
    (folder / "words.txt").write_bytes(b"b\n\xff\n")
    with pytest.raises(CheckpointError, match="damaged"):
        EncodedCorpus.open(folder)


def test_opening_compiles_nothing(folder):
    code = f"import sys; from mt2st.text import EncodedCorpus; EncodedCorpus.open({str(folder)!r}); "
    code += "assert not any('encoding.kernels' in name for name in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
