import lzma

import pytest

from mt2st.errors import DataError
from mt2st.evaluation import read_dictionary


def test_tabs_spaces_and_empty_lines(tmp_path):
    path = tmp_path / "en-de.txt"
    path.write_text("cat\tKatze\n\nice cream\tEis\ncat   Kater\n", encoding="utf-8")
    assert read_dictionary(path) == [("cat", "Katze"), ("ice cream", "Eis"), ("cat", "Kater")]


def test_compressed(tmp_path):
    path = tmp_path / "en-de.tsv.xz"
    path.write_bytes(lzma.compress(b"sky\tHimmel\nshoe\tSchuh\n"))
    assert read_dictionary(path) == [("sky", "Himmel"), ("shoe", "Schuh")]


@pytest.mark.parametrize("line", ["cat", "cat\t", "cat Katze 3", "cat\tKatze\tKater"])
def test_a_line_of_another_form_is_named(tmp_path, line):
    path = tmp_path / "en-de.tsv"
    path.write_text(f"sky\tHimmel\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"en-de.tsv:2: a translation is two words, \d parts? found"):
        read_dictionary(path)


def test_an_empty_file_is_named(tmp_path):
    path = tmp_path / "en-de.tsv"
    path.write_text("\n")
    with pytest.raises(DataError, match="there is no translation in the file"):
        read_dictionary(path)


def test_the_real_one(shared_data):
    pairs = read_dictionary(shared_data / "alignment" / "en-de.train.tsv")
    assert len(pairs) == 5000
    assert pairs[0] == ("of", "von")
