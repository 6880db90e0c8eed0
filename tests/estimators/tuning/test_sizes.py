"""Sizes as people write them."""

from __future__ import annotations

import pytest

from mt2st.errors import ConfigError
from mt2st.estimators.tuning.sizes import folder_bytes, parse_size, size_text


@pytest.mark.parametrize(
    ("given", "bytes_"),
    [
        ("2M", 2_000_000),
        ("500k", 500_000),
        ("1.5MB", 1_500_000),
        (" 3 g ", 3_000_000_000),
        ("77", 77),
        (77, 77),
        ("2 MiB", 2_097_152),
        ("3Ki", 3072),
    ],
)
def test_a_number_and_a_unit(given, bytes_):
    assert parse_size(given) == bytes_


@pytest.mark.parametrize("given", ["", "M", "2 X", "-1", "1e3", 0, 0.2, True, "0K", "2MM", "2iB"])
def test_what_is_none(given):
    with pytest.raises(ConfigError, match="model_size is a number of bytes, or a string as '500K' or '2M'"):
        parse_size(given)


def test_none_is_no_limit():
    assert parse_size(None) is None


def test_all_files_of_a_folder_count(tmp_path):
    (tmp_path / "within").mkdir()
    (tmp_path / "a").write_bytes(b"123")
    (tmp_path / "within" / "b").write_bytes(b"4567")
    assert folder_bytes(tmp_path) == 7


def test_in_words():
    assert [size_text(size) for size in (5, 41_900, 2_000_000)] == ["5 bytes", "41.9 kB", "2 MB"]
