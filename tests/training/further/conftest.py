"""Settings of one auxiliary over a file, read with what is held out."""

import pytest

from mt2st.text import Features
from mt2st.text.rows import Rows
from mt2st.training.further import read_further
from mt2st.training.settings import parse_settings


@pytest.fixture
def read(tmp_path):
    """Write a file and read it as an auxiliary; return what was read, how much was held out, and skipped rows."""

    def run(kind, name, content, held_out=(), skip=False, **options):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        values = {"auxiliary": {"x": {"kind": kind, "data": str(path), **options}}, "model": {"encoder": "bilstm"}}
        rows = Rows(str(path), skip)
        found, left_out = read_further(parse_settings(values).auxiliary["x"], rows, set(held_out))
        return found, left_out, rows.skipped

    return run


@pytest.fixture
def features_of():
    """Return the features of what was read, every word of it known."""
    return lambda found: Features.build(found.token_lists(), min_count=1, pairs=False)
