import itertools

import pytest

from mt2st.errors import DataError
from mt2st.text import read_examples


@pytest.fixture(scope="session")
def write(tmp_path_factory):
    """A function that writes a file into a folder of its own; session-wide, as hypothesis needs."""
    base = tmp_path_factory.mktemp("text")
    numbers = itertools.count()

    def write_file(name, content):
        folder = base / str(next(numbers))
        folder.mkdir()
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture(scope="session")
def refuse(write):
    """A function that checks that a file is refused at ``place`` with these words, and returns its path."""

    def check(name, content, place, *words, **options):
        path = write(name, content)
        with pytest.raises(DataError) as caught:
            read_examples(path, **options)
        message = str(caught.value)
        assert message.startswith(f"{path}:{place}: " if place else f"{path}: "), message
        for word in words:
            assert word in message, message
        return path

    return check


@pytest.fixture(scope="session")
def refuse_row(refuse):
    """As ``refuse``, for a bad row among good ones: skipping must leave it out and count it under ``reason``."""

    def check(name, content, place, reason, *words, **options):
        path = refuse(name, content, place, *words, **options)
        read = read_examples(path, on_bad_rows="skip", **options)
        assert read.skipped == {reason: 1}
        assert [message.startswith(f"{path}:{place}: ") for message in read.first_skipped] == [True]
        return read

    return check
