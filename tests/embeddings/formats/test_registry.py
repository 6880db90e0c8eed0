import mmap
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import load_file

from mt2st.embeddings.formats import detect_format, load_vectors, save_vectors
from mt2st.errors import ConfigError, DataError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "word2vec-text"),
        ("glove.6B.2d.txt", "glove"),
        ("a.txt.gz", "word2vec-text"),
        ("a.vec", "fasttext-text"),
        ("a.vec.xz", "fasttext-text"),
        ("a.bin", "word2vec-binary"),
        ("a.bin.zst", "word2vec-binary"),
        ("a.safetensors", "safetensors"),
        ("a.npz", "numpy"),
        ("A.BIN", "word2vec-binary"),
    ],
)
def test_formats_are_told_by_name_and_first_bytes(tmp_path, plain, name, expected):
    save_vectors(plain, tmp_path / name)
    assert detect_format(tmp_path / name) == expected
    found = load_vectors(str(tmp_path / name))
    assert np.array_equal(found.vectors, plain.vectors)


def test_bin_is_fasttexts_where_there_are_subwords(tmp_path, full):
    save_vectors(full, tmp_path / "a.bin")
    assert detect_format(tmp_path / "a.bin") == "fasttext"


@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary", "glove", "fasttext", "safetensors", "numpy"])
@pytest.mark.parametrize("file", ["noname", "a.safetensors", "a.npz", "a.bin", "a.txt", "a.xyz"])
def test_what_a_file_holds_counts_more_than_its_name(tmp_path, plain, name, file):
    save_vectors(plain, tmp_path / file, format=name)
    assert detect_format(tmp_path / file) == name
    assert load_vectors(tmp_path / file).index_to_key == plain.index_to_key


def test_a_brace_behind_eight_letters_is_no_header(tmp_path):
    (tmp_path / "a").write_text("anything{ 1 2\nb 3 4\n")  # a header would be that many bytes long
    assert detect_format(tmp_path / "a") == "glove"
    assert load_vectors(tmp_path / "a").index_to_key == ["anything{", "b"]


@pytest.mark.parametrize(
    ("suffix", "name"), [("safetensors", "safetensors"), ("npz", "numpy"), ("vec", "fasttext-text")]
)
def test_a_damaged_file_is_in_the_format_of_its_name(tmp_path, suffix, name):
    (tmp_path / f"a.{suffix}").write_bytes(b"\x80damaged")
    assert detect_format(tmp_path / f"a.{suffix}") == name


@pytest.mark.parametrize("limit", [0, -1, 2.0, True])
def test_a_limit_is_a_whole_number_from_one(tmp_path, plain, limit):
    save_vectors(plain, tmp_path / "a.vec")
    with pytest.raises(ConfigError, match="limit must be a whole number from 1"):
        load_vectors(tmp_path / "a.vec", limit=limit)


def test_text_without_a_header_is_gloves_whatever_its_name(tmp_path):
    (tmp_path / "a.txt").write_text("word 1 2\n")
    assert detect_format(tmp_path / "a.txt") == "glove"


@pytest.mark.parametrize("content", [b"hello world\n", b"\x80\x04\x95pickle", b"\n"])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DataError, match="no known format"):
        detect_format(tmp_path / "a")
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(DataError, match="empty"):
        load_vectors(tmp_path / "a")


@pytest.mark.parametrize("header", ["", "1 2\n"])
@pytest.mark.parametrize(("mark", "name"), [("\t", "tabs"), (",", "commas")])
def test_what_separates_the_values_of_other_files_is_told(tmp_path, mark, name, header):
    (tmp_path / "a").write_text(f"{header}king{mark}0.5{mark}1\n")
    with pytest.raises(DataError, match=f"must be separated by single spaces, here they are by {name}: replace these"):
        detect_format(tmp_path / "a")


def test_a_compressed_file_by_another_name_is_told(tmp_path, plain):
    save_vectors(plain, tmp_path / "a.txt.gz")
    (tmp_path / "a.txt.gz").rename(tmp_path / "a.txt")
    with pytest.raises(DataError, match=r"the file is compressed; end its name in \.gz, or decompress it"):
        load_vectors(tmp_path / "a.txt")


def test_a_compressed_file_of_another_format_is_refused(tmp_path):
    (tmp_path / "a.npz.gz").write_bytes(b"")
    with pytest.raises((ConfigError, DataError)):
        load_vectors(tmp_path / "a.npz.gz")


def base_of(array):
    while isinstance(array, np.ndarray) and array.base is not None:
        array = array.base
    return array.obj if isinstance(array, memoryview) else array


def test_safetensors_are_a_memory_map_aligned_to_cache_lines(tmp_path, full):
    save_vectors(full, tmp_path / "a.safetensors")
    found = load_vectors(tmp_path / "a.safetensors")
    assert isinstance(base_of(found.vectors), mmap.mmap)
    assert found.vectors.ctypes.data % 64 == 0
    for array in (found.vectors, found.output, found.counts, found.subwords.rows, found.subwords.buckets):
        assert array.flags.aligned
    before = (tmp_path / "a.safetensors").read_bytes()
    found.vectors[0] = 7  # stays in memory
    assert (tmp_path / "a.safetensors").read_bytes() == before
    save_vectors(found, tmp_path / "a.safetensors")  # over the file that is mapped
    assert load_vectors(tmp_path / "a.safetensors").vectors[0].tolist() == [7] * 6


def test_the_safetensors_package_opens_our_file(tmp_path, full):
    save_vectors(full, tmp_path / "a.safetensors")
    arrays = load_file(tmp_path / "a.safetensors")
    assert np.array_equal(arrays["vectors"], full.vectors)
    assert np.array_equal(arrays["output"], full.output)
    assert arrays["counts"].tolist() == full.counts.tolist()
    starts = arrays["word_offsets"]
    text = arrays["words"].tobytes()
    assert [text[a:b].decode() for a, b in pairwise(starts)] == full.index_to_key


@pytest.mark.filterwarnings("ignore:.*keeps no n-grams")
def test_numpy_opens_our_file(tmp_path, full):
    save_vectors(full, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["words"].tolist() == full.index_to_key
        assert np.array_equal(arrays["vectors"], full.vectors)
        assert arrays["counts"].tolist() == full.counts.tolist()


def test_a_fasttext_file_does_not_take_room_for_buckets_not_in_use(tmp_path, full):
    if sys.platform == "darwin":
        pytest.skip("the file system keeps no holes")
    full.subwords = replace(full.subwords, bucket=2_000_000)
    save_vectors(full, tmp_path / "a.bin")
    stat = (tmp_path / "a.bin").stat()
    assert stat.st_size > 2_000_000 * 6 * 4
    assert stat.st_blocks * 512 < 4e6
    assert load_vectors(tmp_path / "a.bin").subwords.buckets.tolist() == full.subwords.buckets.tolist()
