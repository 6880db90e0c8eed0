import gzip

import pytest

from mt2st.datasets import path_of
from mt2st.errors import ConfigError, DataError, MissingExtraError
from mt2st.evaluation import WordPair, read_word_pairs


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        path = tmp_path / "pairs.txt"
        path.write_text(text, encoding="utf-8")
        return read_word_pairs(path, **options)

    return read_text


@pytest.mark.parametrize(
    "text",
    [
        "sun\tmoon\t1.5\nice\tfire\t-2\n",
        "sun moon 1.5\nice   fire -2",
        "sun,moon,1.5\r\nice, fire ,-2\r\n",
        "# a comment\nWord 1\tWord 2\tHuman (mean)\nsun\tmoon\t1.5\n\nice\tfire\t-2e0\n",
        "\ufeffword1,word2,score\nsun,moon,1.5\nice,fire,-2\n",
        '"word 1","word 2","score"\n"sun","moon",1.5\n"ice" , "fire" ,"-2"\n',
        "word1\tword2\tSimLex999\nsun\tmoon\t1.5\nice\tfire\t-2\n",
        '"sun" "moon" 1.5\n"ice" "fire" -2\n',
    ],
)
def test_tabs_commas_spaces_comments_and_headings(read, text):
    assert read(text) == [WordPair("sun", "moon", 1.5), WordPair("ice", "fire", -2.0)]


def test_words_may_hold_spaces_and_commas_between_tabs(read):
    assert read("ice cream\tsnow, wet\t3\n") == [WordPair("ice cream", "snow, wet", 3.0)]
    assert read('"ice cream","snow, wet",3\n') == [WordPair("ice cream", "snow, wet", 3.0)]


def test_marks_that_do_not_enclose_a_part_belong_to_the_word(read):
    assert read('5"\t"an"d\t3\n"\t"x\t1\n') == [WordPair('5"', '"an"d', 3.0), WordPair('"', '"x', 1.0)]


def test_the_delimiter_can_be_named(read):
    assert read("a|b c|3\n", delimiter="|") == [WordPair("a", "b c", 3.0)]
    with pytest.raises(DataError, match=r"pairs\.txt:1: a line holds .*, 1 part found.*, None to detect it"):
        read("a b 3\n", delimiter="\t")
    with pytest.raises(ConfigError, match="delimiter is one character"):
        read("a b 3\n", delimiter="||")


def test_gzip_is_read(tmp_path):
    path = tmp_path / "pairs.tsv.gz"
    path.write_bytes(gzip.compress(b"a\tb\t1\n"))
    assert read_word_pairs(path) == [WordPair("a", "b", 1.0)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a\tb\t1\nsun\tmoon\tfar\n", r":2:10: the score must be a finite number, 'far' found"),
        ("a b 1c\n", r":1:5: the score must be a finite number, '1c' found"),
        ('a,b," "\n', r": there is no word pair"),
        ("a b nan\nc d 1\n", r":1:5: the score must be a finite number, 'nan' found"),
        ("a,b,1\nc, d,  nan\n", r":2:8: the score must be a finite number, 'nan' found"),
        ("a b 1\na b inf\n", r":2:5: the score must be a finite number, 'inf' found"),
        ("a b 1\na b\n", r":2: a line holds two words and a score, 2 parts found: separate them by tabs"),
        ("a;b;1\n", r":1: .*1 part found: separate them by tabs, commas or spaces"),
        ("a\tb\t7,35\n", r":1:5: .*'7,35' found: write the decimals after a point"),
        ("a\tb\tN\t1\n", r":1: a line holds two words and a score, 4 parts found: remove the other columns"),
        ("x y z\nx y z\n", r":2:5: the score"),
        ("# nothing\n\n", r": there is no word pair in the file"),
        ("a b 1\na\0 b 1\n", r":2:2: a NUL byte"),
    ],
)
def test_bad_lines_are_told_by_their_place(read, text, place):
    with pytest.raises(DataError, match=r"pairs\.txt" + place):
        read(text)


def test_no_file_is_told(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        read_word_pairs(tmp_path / "none.txt")


@pytest.mark.parametrize(("name", "count"), [("wordsim353", 353), ("simlex999", 999)])
def test_the_named_sets_are_read(name, count):
    try:
        pairs = read_word_pairs(path_of(name))
    except MissingExtraError:
        pytest.skip("gensim is not installed")
    assert len(pairs) == count
    assert all(0 <= pair.score <= 10 for pair in pairs)


def test_other_real_sets_are_read(shared_data):
    counts = {path.name: len(read_word_pairs(path)) for path in (shared_data / "wordsim").glob("EN-*.txt")}
    assert (counts["EN-RG-65.txt"], counts["EN-MEN-TR-3k.txt"], counts["EN-SIMLEX-999.txt"]) == (65, 3000, 999)
