"""One at a time, where the system cannot lock folders too."""

from __future__ import annotations

import os
import signal
import sys
from threading import Event, Thread

import pytest

from mt2st import folder_lock
from mt2st.errors import ConfigError
from mt2st.folder_lock import alone_in, refusing_others


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


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_another_is_refused_meanwhile_and_not_afterwards(tmp_path):
    for _ in range(2):
        with refusing_others(tmp_path / "new", "in use", "leave it"):
            with (
                pytest.raises(ConfigError, match="in use by process"),
                refusing_others(tmp_path / "new", "in use", "leave it"),
            ):
                pass
            with alone_in(tmp_path), refusing_others(tmp_path / "other", "in use", "leave it"):
                pass


def test_who_refuses_a_folder_to_others_may_be_alone_in_it(tmp_path):
    def enter():
        with refusing_others(tmp_path, "in use", "leave it"), alone_in(tmp_path):
            inside.set()

    inside = Event()
    Thread(target=enter, daemon=True).start()
    assert inside.wait(10)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone tells")
@pytest.mark.parametrize("told", [True, False])
def test_who_has_it_is_named_where_the_system_tells(tmp_path, monkeypatch, told):
    if not told:
        monkeypatch.setattr(folder_lock, "LOCKS", tmp_path / "none")
    who = f"process {os.getpid()}" if told else "another process"
    refused = pytest.raises(ConfigError, match=f"^a is in use by {who}: wait for its end, or give b$")
    how = tmp_path, "a is in use", "give b"
    with refusing_others(*how), refused, refusing_others(*how):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork there")
def test_a_process_that_was_forked_meanwhile_does_not_keep_it(tmp_path):
    with refusing_others(tmp_path, "in use", "leave it"):
        child = os.fork()
        if not child:
            signal.pause()
    try:
        with refusing_others(tmp_path, "in use", "leave it"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_disk_without_locks_refuses_none(tmp_path, monkeypatch):
    def refuse(descriptor, how):
        raise OSError("no locks here")

    monkeypatch.setattr(folder_lock.fcntl, "flock", refuse)
    with refusing_others(tmp_path, "in use", "leave it"), refusing_others(tmp_path, "in use", "leave it"):
        pass
