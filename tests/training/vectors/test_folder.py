"""The working folder."""

import pytest

from mt2st.errors import DataError
from mt2st.training.vectors.folder import WorkFolder, work_folder


def test_vectors_that_were_best_only_later_are_removed(tmp_path):
    place = WorkFolder(tmp_path)
    for step in (90, 100, 1000):
        (place.best / f"step-{step:09d}").mkdir(parents=True)
    place.keep_best(100)
    assert sorted(path.name for path in place.best.iterdir()) == ["step-000000090", "step-000000100"]


def test_a_run_is_claimed_once_there_is_a_checkpoint(tmp_path):
    place = WorkFolder(tmp_path)
    assert not place.claim({"seed": 1}, resume=True)
    assert not place.claim({"seed": 2}, resume=True), "nothing was done yet that could be lost"
    place.checkpoints.mkdir()
    assert place.claim({"seed": 2}, resume=True)
    assert not place.claim({"seed": 2}, resume=False)
    assert not place.checkpoints.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file"), work_folder(tmp_path / "file" / "work"):
        pass
