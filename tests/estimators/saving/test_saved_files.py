"""The model card, once the test's measures are added."""

from pathlib import Path

import pytest

from mt2st.estimators.saving.saved_files import CARD, EXAMPLE, add_test_score


def test_a_disk_that_fails_leaves_the_card_as_it_was(tmp_path, monkeypatch):
    before = f"# A model\n{EXAMPLE}"
    (tmp_path / CARD).write_text(before)

    def fail(*_):
        raise OSError("no space")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space"):
            add_test_score(tmp_path, {"accuracy": 0.75}, "20 rows")
    assert (tmp_path / CARD).read_text() == before
    add_test_score(tmp_path, {"accuracy": 0.75}, "20 rows")
    assert "0.75" in (tmp_path / CARD).read_text()
