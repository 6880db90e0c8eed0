import bz2
import gzip
import lzma
import re

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text.files import decode_line, read_lines

LINE = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r\0\ufeff"), max_size=20)


def texts(path):
    return [line.text for line in read_lines(str(path))]


@given(lines=st.lists(LINE, min_size=1, max_size=6))
def test_mark_line_ends_and_compression_change_nothing(write, lines):
    clean = "".join(line + "\n" for line in lines).encode()
    expected = [(number, line, None) for number, line in enumerate(lines, start=1)]
    variants = {
        "a.txt": clean,
        "b.txt": b"\xef\xbb\xbf" + clean,
        "c.txt": clean.replace(b"\n", b"\r\n"),
        "d.txt": b"\xef\xbb\xbf" + clean.replace(b"\n", b"\r\n"),
        "e.txt.gz": gzip.compress(clean),
        "f.TXT.XZ": lzma.compress(clean),
        "g.txt.zst": zstandard.compress(clean),
    }
    for name, content in variants.items():
        assert [tuple(line) for line in read_lines(str(write(name, content)))] == expected


def test_a_last_line_needs_no_end(write):
    assert texts(write("a.txt", b"one\ntwo")) == ["one", "two"]


def test_only_newlines_end_lines(write):
    odd = "a\u2028b\x0bc\x85d\re"
    assert texts(write("a.txt", odd + "\n")) == [odd]


def test_marks_inside_a_joined_file_are_dropped(write):
    assert texts(write("a.txt", b"one\n\xef\xbb\xbftwo\n\xef\xbb\xbf")) == ["one", "two"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file(write, content):
    path = write("a.txt", content)
    with pytest.raises(DataError, match=f"^{re.escape(str(path))}: the file is empty: .*check"):
        texts(path)


EMPTY = {
    "a.gz": gzip.compress(b""),
    "b.gz": b"",
    "a.xz": lzma.compress(b""),
    "a.zst": zstandard.compress(b""),
    "b.zst": b"",
}


def test_an_empty_compressed_file(write):
    for name, content in EMPTY.items():
        with pytest.raises(DataError, match="empty"):
            texts(write(name, content))


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match=r"nothere\.txt: there is no such file: check the path"):
        texts(tmp_path / "nothere.txt")


@pytest.mark.parametrize("name", ["folder", "folder.gz", "folder.xz", "folder.zst"])
def test_a_folder(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(DataError, match="this is a folder: name one file in it"):
        texts(tmp_path / name)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [(PermissionError(13, "Permission denied"), "chmod"), (OSError(5, "I/O error"), "check the disk")],
)
def test_a_file_that_cannot_be_opened(write, monkeypatch, error, remedy):
    def refuse(*arguments):
        raise error

    path = write("a.txt", "one")
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(DataError, match=remedy):
        texts(path)


LONG = b"".join(b"%d is a line\n" % number for number in range(30_000))
CHECKED = zstandard.ZstdCompressor(write_checksum=True).compress(LONG)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gz", gzip.compress(LONG)[:-20]),
        ("b.xz", lzma.compress(LONG)[:-20]),
        ("c.gz", b"plain text\n"),
        ("d.xz", b"plain text\n"),
        ("f.zst", zstandard.compress(LONG)[:-20]),
        ("g.zst", zstandard.compress(LONG) + zstandard.compress(LONG)[:9]),
        ("h.zst", b"plain text\n"),
        ("i.zst", CHECKED[:2000] + b"\xff" * 500 + CHECKED[2500:]),
        ("e.gz", gzip.compress(LONG)[:2000] + b"\xff" * 500 + gzip.compress(LONG)[2500:]),
    ],
)
def test_a_damaged_file(write, name, content):
    path = write(name, content)
    with pytest.raises(DataError, match=r":\d+: the compressed file is damaged or cut short .*again"):
        texts(path)


def test_zstandard_frames_follow_one_another(write):
    frames = [zstandard.compress(LONG), zstandard.ZstdCompressor(write_checksum=True).compress(b"one\ntw")]
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    content = b"".join([*frames, skippable, zstandard.compress(b"o\n")])
    assert texts(write("a.zst", content)) == [*LONG.decode().splitlines(), "one", "two"]


def test_a_zstandard_file_of_unknown_size_and_a_large_window(write):
    long = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=long).compressobj()
    assert len(texts(write("a.zst", packer.compress(LONG) + packer.flush()))) == 30_000


def test_a_byte_that_is_not_utf8_has_its_character_column():
    line = decode_line(3, "naïve caf".encode() + b"\xe9 x")
    assert (line.number, line.text) == (3, "naïve caf\ufffd x")
    assert (line.fault.reason, line.fault.line, line.fault.column) == ("invalid UTF-8", 3, 10)
    assert "0xe9" in line.fault.message
    assert "iconv -f LATIN1" in line.fault.message


def test_utf16_is_recognised():
    assert "iconv -f UTF-16 " in decode_line(1, "good".encode("utf-16")).fault.message


def test_a_surrogate_in_bytes_is_not_utf8():
    assert decode_line(1, b"ab\xed\xa0\x80").fault.column == 3


def test_a_nul_byte_has_its_character_column():
    fault = decode_line(2, "é\0".encode()).fault
    assert (fault.reason, fault.line, fault.column) == ("NUL byte", 2, 2)
    assert "tr -d" in fault.message


@pytest.mark.parametrize(
    ("compress", "suffix"), [(gzip.compress, ".gz"), (lzma.compress, ".xz"), (zstandard.compress, ".zst")]
)
def test_a_compressed_file_without_its_ending_is_told_as_one(compress, suffix):
    fault = decode_line(1, compress(b"good\tfine\n").partition(b"\n")[0]).fault
    assert f"the file is compressed; end its name in {suffix}, or decompress it" in fault.message
    assert decode_line(1, bz2.compress(b"good\tfine\n")).fault.message.endswith("the file is compressed; decompress it")
    assert decode_line(1, b"PK\3\4\x14\xc1").fault.message.endswith("the file is compressed; decompress it")
