import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mt2st.embeddings.formats import FORMATS, load_vectors, save_vectors
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import ConfigError, DataError

HUGE = 10**12


def refused(path, content, name, said, line=None):
    path.write_bytes(content)
    with pytest.raises(DataError, match=said) as caught:
        load_vectors(path, format=name)
    assert caught.value.path == path
    assert caught.value.line == line
    return caught.value


TEXTS = [
    (b"a 1 2\nb 1\n", "expected are 2 values, found 1", 2),
    (b"a 1 2\nb 1 2 3\n", "more than 2 values", 2),
    (b"a 1 2\n\nb 1 2\n", "line is empty", 2),
    (b"a 1 2\nb 1 x\n", "'x' found", 2),
    (b"a 1 2\nb 1 1_0\n", "'1_0' found", 2),
    (b"a 1 2\nb 1  2\n", "more than 2 values|'' found", 2),
    (b"a 1 2\nb nan 2\n", "'nan' found", 2),
    (b"a 1 2\nb -inf 2\n", "'-inf' found", 2),
    (b"a 1 2\nb 1 1e39\n", "'1e39' found", 2),
    (b"a 1 2\nb 1 \xd9\xa1\n", "found", 2),
    (b"a 1 2\nb 1 2\nccccc", "expected are 2 values, found 0", 3),
]


@pytest.mark.parametrize(("text", "said", "line"), TEXTS)
def test_lines_that_cannot_be_read(tmp_path, text, said, line):
    refused(tmp_path / "a", text, "glove", said, line)
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    for name in ("word2vec-text", "fasttext-text"):
        padding = b" " * 20 + b"\n"  # so that the bytes announced are there
        refused(tmp_path / "a", b"%d 2\n" % lines + text + padding * (not text.endswith(b"c")), name, said, line + 1)


def test_a_fault_is_told_with_its_column_in_characters(tmp_path):
    error = refused(tmp_path / "a", "a 1 2\nnaïve 1 zwei\n".encode(), "glove", "'zwei' found", 2)
    assert error.column == 9


def test_faults_are_told_by_line_after_many_lines(tmp_path):
    good = b"".join(b"w%d 0.5 0.25\n" % i for i in range(1000))
    refused(tmp_path / "a", good + b"bad 0.5 x\n", "glove", "'x'", 1001)
    refused(tmp_path / "a", good + b"b 1e-50 0.5\n" + b"bad 0.5\n", "glove", "found 1", 1002)
    refused(tmp_path / "a", good + b"of words 0.5 1\n" + b"bad 0.5\n", "glove", "found 1", 1002)


def test_a_zip_of_vectors_is_told_to_be_unzipped(tmp_path):
    with zipfile.ZipFile(tmp_path / "glove.zip", "w") as archive:
        archive.writestr("glove.txt", "a 1 2\n")
    with pytest.raises(DataError, match=r"\['glove.txt'\] found: if these are files of vectors, unzip it and load one"):
        load_vectors(tmp_path / "glove.zip")


@pytest.mark.parametrize("name", FORMATS)
def test_empty_missing_and_folder(tmp_path, name):
    (tmp_path / "empty").touch()
    with pytest.raises(DataError, match=r"empty|header|no \.npz"):
        load_vectors(tmp_path / "empty", format=name)
    with pytest.raises(DataError, match="no such file"):
        load_vectors(tmp_path / "missing", format=name)
    with pytest.raises(DataError, match="folder"):
        load_vectors(tmp_path, format=name)


@pytest.mark.parametrize("header", [b"x 2\n", b"2\n", b"2 2 2\n", b"-1 2\n", b"the 0.1 0.2\n", b"2 2"])
@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary"])
def test_headers_that_are_none(tmp_path, name, header):
    refused(tmp_path / "a", header, name, "words vector_size", 1)


@pytest.mark.parametrize(("name", "other"), [("glove", "word2vec-text"), ("word2vec-text", "glove")])
def test_a_wrong_format_is_told_in_the_words_of_both_faces(tmp_path, name, other):
    content = b"1 2\na 1 2\n" if name == "glove" else b"a 1 2\n"
    refused(tmp_path / "a", content, name, rf"format '{other}' \(format=, or mt2st convert --from\)", 1)


@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary"])
@pytest.mark.parametrize("header", [(HUGE, 50), (3, HUGE), (HUGE, HUGE), (10**17, 10**17), (3, 2000)])
def test_a_declared_size_beyond_the_file_allocates_nothing(tmp_path, name, header):
    tracemalloc.start()
    try:
        refused(tmp_path / "a", b"%d %d\na 1 2\n" % header, name, "cut short", 1)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary"])
@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_declared_size_in_a_compressed_file_allocates_nothing(tmp_path, name, suffix):
    path = tmp_path / f"a{suffix}"
    for header in ((HUGE, 50), (3, HUGE), (HUGE, HUGE)):
        with open_target(path) as file:
            file.write(b"%d %d\na 1 2\n" % header)
        with pytest.raises(DataError):
            load_vectors(path, format=name)


@pytest.mark.parametrize(("words", "size"), [(0, 3), (3, 0)])
def test_headers_of_nothing(tmp_path, words, size):
    refused(tmp_path / "a", b"%d %d\na 1 2 3\n" % (words, size), "word2vec-text", "no vectors", 1)


def test_fewer_and_more_lines_than_announced(tmp_path):
    long = b"a 1.0000000 2.0000000\n"
    refused(tmp_path / "a", b"3 2\n" + long + b"b 1 2\n", "word2vec-text", "announced are 3 words, found 2", 4)
    refused(tmp_path / "a", b"1 2\n" + long + b"b 1 2\n", "word2vec-text", "more lines follow: remove these", 3)


@pytest.mark.parametrize("name", ["word2vec-text", "glove", "word2vec-binary"])
def test_of_words_that_come_twice_the_first_counts(tmp_path, name):
    lines = [b"a 1\n", b"b 2\n", b"a 3\n", b"c 4\n", b"b 5\n"]
    if name == "word2vec-binary":
        lines = [line[:2] + struct.pack("<f", int(line[2:])) for line in lines]
    head = b"" if name == "glove" else b"5 1\n"
    (tmp_path / "v").write_bytes(head + b"".join(lines))
    with pytest.warns(UserWarning, match="2 rows left out .* as 'a'"):
        found = load_vectors(tmp_path / "v", format=name)
    assert found.index_to_key == ["a", "b", "c"]
    assert found.vectors.tolist() == [[1], [2], [4]]


def test_odd_spaces_belong_to_words(tmp_path):
    (tmp_path / "v").write_bytes("a\u00a0b 1 2\n\u3000 3 4\n\u2028x 5 6\n\x85 7 8\ny\tz 9 1\n".encode())
    assert load_vectors(tmp_path / "v", format="glove").index_to_key == [
        "a\u00a0b",
        "\u3000",
        "\u2028x",
        "\x85",
        "y\tz",
    ]


def test_line_ends_of_other_systems_spaces_at_the_end_and_no_last_end(tmp_path):
    (tmp_path / "v").write_bytes(b"\xef\xbb\xbf2 2 \r\na 1 2 \r\nb 3 4")
    found = load_vectors(tmp_path / "v", format="word2vec-text")
    assert (found.index_to_key, found.vectors.tolist()) == (["a", "b"], [[1, 2], [3, 4]])


@pytest.mark.parametrize(("name", "header"), [("glove", b""), ("word2vec-text", b"2 2\n"), ("fasttext-text", b"2 2\n")])
@pytest.mark.parametrize("told", [True, False])
def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path, name, header, told):
    path = tmp_path / ("v.vec" if name == "fasttext-text" else "v.txt")
    path.write_bytes(b"\xef\xbb\xbf" + header + b"the 1 2\ncat 3 4\n")
    assert load_vectors(path, format=name if told else None).index_to_key == ["the", "cat"]


@pytest.mark.parametrize("value", ["nan", "NaN", "-inf", "Infinity"])
def test_a_value_of_the_first_row_that_is_not_finite_is_told_as_such(tmp_path, value):
    content = f"the 0.1 {value} 0.3\ncat 1 2 3\n".encode()
    error = refused(
        tmp_path / "v.txt", content, None, f"a finite number within float32 is expected, '{value}' found", 1
    )
    assert error.column == 9


BINARY = b"".join(word + b" " + struct.pack("<2f", 1, 2) for word in (b"a", b"bc", b"d"))


def test_binary_with_and_without_line_ends(tmp_path):
    with_ends = b"".join(word + b" " + struct.pack("<2f", 1, 2) + b"\n" for word in (b"a", b"bc", b"d"))
    for content in (BINARY, with_ends, with_ends[:-1]):
        (tmp_path / "v").write_bytes(b"3 2\n" + content)
        found = load_vectors(tmp_path / "v", format="word2vec-binary")
        assert (found.index_to_key, found.vectors.tolist()) == (["a", "bc", "d"], [[1, 2]] * 3)


def test_binary_files_that_cannot_be_read_are_told_by_byte(tmp_path):
    path = tmp_path / "v"
    refused(path, b"3 2\n" + BINARY[:-1], "word2vec-binary", "byte 25: announced are 3 words, found 2")
    refused(path, b"3 2\n" + BINARY + b"x", "word2vec-binary", "more bytes follow")
    bad = b"3 2\n" + BINARY.replace(struct.pack("<2f", 1, 2), struct.pack("<2f", 1, np.nan), 1)
    refused(path, bad, "word2vec-binary", "word 1, values at byte 6: NaN")


@pytest.mark.parametrize("name", ["word2vec-binary", "fasttext", "word2vec-text", "fasttext-text", "glove"])
def test_words_that_are_not_utf8_are_escaped_and_told_once(tmp_path, name, monkeypatch):
    monkeypatch.setattr("mt2st.embeddings.formats.source.PIECE", 64)  # so that they come in several pieces
    words = ["fine", "é" * 49 + "X", "ok", "caféX"]
    save_vectors(WordVectors(words, np.eye(4)), tmp_path / "v", format=name)
    content = (tmp_path / "v").read_bytes()
    (tmp_path / "v").write_bytes(content.replace("éX".encode(), b"\xc3~~"))
    with pytest.warns(UserWarning, match=r"2 words not in UTF-8, the first is entry 2, 'é.*\\xc3~~'") as told:
        found = load_vectors(tmp_path / "v", format=name)
    assert len(told) == 1
    assert found.index_to_key == ["fine", "é" * 48 + r"\xc3~~", "ok", r"caf\xc3~~"]
    assert np.array_equal(found.vectors, np.eye(4))


def test_binary_without_a_space_gives_up(tmp_path):
    refused(tmp_path / "v", b"2 1\n" + b"x" * (1 << 22), "word2vec-binary", "no word of up to")


@pytest.fixture
def fasttext_bytes(tmp_path, full):
    save_vectors(full, tmp_path / "good", format="fasttext")
    return (tmp_path / "good").read_bytes()


def put(data, at, form, value):
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]


@pytest.mark.parametrize(
    ("at", "form", "value", "said"),
    [
        (0, "<i", 1, "version"),
        (4, "<i", 13, "13 found"),
        (8, "<i", -3, "dim -3"),
        (8, "<i", 2**31 - 1, "input table of"),
        (40, "<i", 2**31 - 1, "input table of"),
        (64, "<i", 2**31 - 1, "cannot be"),
        (68, "<i", 12, "cannot be"),
        (84, "<q", 7, "pruned.*before quantize"),
    ],
)
def test_fasttext_files_with_a_wrong_number(tmp_path, fasttext_bytes, at, form, value, said):
    refused(tmp_path / "a", put(fasttext_bytes, at, form, value), "fasttext", said)


def test_fasttext_sizes_beyond_the_file_allocate_nothing(tmp_path, fasttext_bytes):
    data = put(put(fasttext_bytes, 64, "<i", 2 * 10**9), 68, "<i", 2 * 10**9)
    refused(tmp_path / "a", data, "fasttext", "need 20000000000 bytes at least")
    data = put(fasttext_bytes, 40, "<i", 2 * 10**9)
    at = fasttext_bytes.index(struct.pack("<qq", 311, 6))
    refused(tmp_path / "a", put(data, at, "<q", 11 + 2 * 10**9), "fasttext", "input table's rows need .* are left")


def test_fasttext_files_cut_anywhere(tmp_path, fasttext_bytes):
    for end in [*range(0, 400, 7), len(fasttext_bytes) - 1]:
        refused(tmp_path / "a", fasttext_bytes[:end], "fasttext", "byte")


def test_a_fasttext_file_ends_after_its_last_table(tmp_path, fasttext_bytes, fasttext_model):
    refused(tmp_path / "a", fasttext_bytes + b"xyz", "fasttext", "3 more bytes follow")
    fasttext_model("supervised").save_model(str(tmp_path / "labels.bin"))
    content = (tmp_path / "labels.bin").read_bytes()
    assert "the" in load_vectors(tmp_path / "labels.bin")
    refused(tmp_path / "a", content + b"\0", "fasttext", "1 more bytes follow")
    refused(tmp_path / "a", content[:-1], "fasttext", "output table's rows need")


def test_quantised_fasttext_files_say_what_to_do(tmp_path, fasttext_bytes):
    at = fasttext_bytes.index(struct.pack("<qq", 311, 6)) - 1
    refused(tmp_path / "a", put(fasttext_bytes, at, "<?", True), "fasttext", "quantised .*before quantize")


@pytest.mark.parametrize("name", ["fasttext", "safetensors", "numpy", "word2vec-binary", "word2vec-text", "glove"])
@pytest.mark.filterwarnings("ignore:.*not in UTF-8", "ignore:.*keeps no n-grams")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_bytes_give_vectors_or_a_typed_error(tmp_path, full, name, data):
    good = tmp_path / f"good {name}"
    if not good.exists():
        save_vectors(full, good, format=name)
    content = bytearray(good.read_bytes())
    # Most of what can go wrong is near the start, where sizes stand.
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.one_of(st.integers(0, min(400, len(content) - 1)), st.integers(0, len(content) - 1)))
        content[at] = data.draw(st.integers(0, 255))
    (tmp_path / "a").write_bytes(content[: data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))])
    try:
        found = load_vectors(tmp_path / "a", format=name)
    except DataError as error:
        assert error.path == tmp_path / "a"
    except UserWarning as warning:
        assert "left out" in str(warning)
    else:
        assert found.vectors.ndim == 2


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"vectors": np.ones((1, 2))}, "'words' are expected"),
        ({"vectors": np.ones(2), "words": np.array(["a"])}, "'vectors' cannot be"),
        ({"vectors": np.ones((1, 2)), "words": np.array([1])}, "'words' cannot be"),
        ({"vectors": np.ones((1, 2)), "words": np.array(["a"], object)}, "'words' cannot be"),
        ({"vectors": np.ones((1, 2)), "words": np.array(["a", "b"])}, "found 2, 1"),
        ({"vectors": np.ones((2, 2)), "words": np.array(["a", "a"])}, "twice"),
        ({"vectors": np.full((1, 2), np.inf), "words": np.array(["a"])}, "row 0 of 'vectors'"),
        ({"vectors": np.ones((1, 2)), "words": np.array(["a"]), "counts": np.array([1, 2])}, "found 1, 1, 2"),
        ({"vectors": np.ones((1, 2)), "words": np.array([97], np.uint8)}, "must be UTF-8 bytes with 'word_offsets'"),
        (
            {"vectors": np.ones((1, 2)), "words": np.array([97], np.uint8), "word_offsets": np.array([0, 9])},
            "offsets must rise",
        ),
    ],
)
def test_numpy_files_that_do_not_fit(tmp_path, arrays, said):
    np.savez(tmp_path / "a.npz", **arrays)
    refused(tmp_path / "a.npz", (tmp_path / "a.npz").read_bytes(), "numpy", said)


@pytest.mark.parametrize("header", [b"{", b"(", b'"', b"\\", b"{'descr': (), 'fortran_order': False, 'shape': (1, 2)}"])
@pytest.mark.parametrize("name", ["vectors", "words"])
def test_a_numpy_header_that_is_none(tmp_path, name, header):
    np.savez(tmp_path / "good.npz", vectors=np.ones((1, 2), np.float32), words=np.array(["a"]))
    with zipfile.ZipFile(tmp_path / "good.npz") as good, zipfile.ZipFile(tmp_path / "a.npz", "w") as bad:
        for entry in good.namelist():
            content = good.read(entry)
            bad.writestr(entry, content[:10] + header.ljust(118) if entry == f"{name}.npy" else content)
    refused(tmp_path / "a.npz", (tmp_path / "a.npz").read_bytes(), "numpy", f"'{name}' cannot be")


@pytest.mark.parametrize(("field", "offset", "value"), [(b"PK\1\2", 8, 1), (b"PK\1\2", 10, 99), (b"PK\5\6", 19, 2)])
def test_a_numpy_file_whose_directory_is_damaged(tmp_path, field, offset, value):
    # It claims encryption, a compression that there is none of, or a place beyond the end.
    np.savez(tmp_path / "a.npz", vectors=np.ones((1, 2), np.float32), words=np.array(["a"]))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[content.index(field) + offset] = value
    refused(tmp_path / "a.npz", content, "numpy", r"no \.npz file .*: it is damaged")


def test_a_zip_of_other_files_named_alike_is_no_npz(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("vectors", "a 1 2")
        archive.writestr("words", "a")
    refused(tmp_path / "a.npz", (tmp_path / "a.npz").read_bytes(), "numpy", r"\['vectors', 'words'\] found: .*unzip it")


def test_a_numpy_file_that_declares_too_much_allocates_nothing(tmp_path):
    np.savez(tmp_path / "a.npz", vectors=np.ones((1, 2), np.float32), words=np.array(["a"]))
    content = (tmp_path / "a.npz").read_bytes()
    refused(tmp_path / "a.npz", content.replace(b"(1, 2), }         ", b"(1, 2000000000), }"), "numpy", "cut short|Bad")


def header_of(path):
    length = struct.unpack("<Q", path.read_bytes()[:8])[0]
    return path.read_bytes()[8 : 8 + length], path.read_bytes()[8 + length :]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"mt2st word vectors", b"some other vectors", "is expected"),
        (b'"version":"1"', b'"version":"9"', "update mt2st"),
        (b'"vectors":{', b'"vektors":{', "'vectors'"),
        (b'"dtype":"F32","shape":[11,6]', b'"dtype":"F64","shape":[11,6]', "must be F32"),
        (b'"shape":[11,6]', b'"shape":[99,6]', "bytes"),
        (b'"shape":[11,6]', b'"shape":[-1,6]', "must be F32"),
        (b'"min_n":"2"', b'"min_n":"x"', "whole numbers"),
        (b'"training":"{', b'"training":"[', "the settings of training are no JSON object"),
        (b'\\"window\\": 7', b'\\"window\\":[]', "the settings of training are no JSON object"),
        (b'"bucket":"300"', b'"bucket":"100"', "within 0 to 99"),
        (b"{", b"[", "no JSON"),
    ],
)
def test_safetensors_files_with_another_header(tmp_path, full, old, new, said):
    save_vectors(full, tmp_path / "a", format="safetensors")
    head, body = header_of(tmp_path / "a")
    assert old in head
    content = struct.pack("<Q", len(head)) + head.replace(old, new, 1) + body
    refused(tmp_path / "a", content, "safetensors", said)


def test_safetensors_with_a_header_beyond_the_file(tmp_path):
    refused(tmp_path / "a", struct.pack("<Q", HUGE) + b"{}", "safetensors", "header of 1000000000000 bytes")


def test_unknown_formats_and_limits_are_settings_errors(tmp_path, plain):
    with pytest.raises(ConfigError, match="did you mean 'glove'"):
        load_vectors(tmp_path / "a", format="glov")
    with pytest.raises(ConfigError, match="limit"):
        load_vectors(tmp_path / "a", limit=0)
    with pytest.raises(ConfigError, match="cannot be compressed"):
        save_vectors(plain, tmp_path / "a.safetensors.gz")
    with pytest.raises(ConfigError, match="no format is known"):
        save_vectors(plain, tmp_path / "a.json")
    with pytest.raises(ConfigError, match="cannot write"):
        save_vectors(plain, tmp_path / "no" / "a.txt")


def test_words_that_come_twice_are_damage_in_fasttext(tmp_path, fasttext_bytes):
    twice = fasttext_bytes
    for word in ("дом", "naïve"):  # both of six bytes
        twice = twice.replace(word.encode() + b"\0", b"naive!\0")
    refused(tmp_path / "a", twice, "fasttext", "twice")
