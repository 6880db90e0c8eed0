"""One at a time, where the system cannot lock folders too."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from mt2st.training import folder_lock
from mt2st.training.folder_lock import alone_in


@pytest.fixture(params=[True, False])
def _disk(request, monkeypatch):
    def refuse(descriptor, how):
        raise OSError("no locks here")

    if not request.param and hasattr(folder_lock, "fcntl"):
        monkeypatch.setattr(folder_lock.fcntl, "flock", refuse)


@pytest.mark.usefixtures("_disk")
def test_a_thread_waits_for_the_one_within(tmp_path):
    inside = Event()

    def enter():
        with alone_in(tmp_path):
            inside.set()

    other = Thread(target=enter)
    with alone_in(tmp_path):
        other.start()
        assert not inside.wait(0.3)
    other.join(10)
    assert inside.is_set()
