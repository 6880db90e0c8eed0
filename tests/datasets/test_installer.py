from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mt2st.datasets import installer
from mt2st.datasets.installer import pip_download
from mt2st.errors import FetchError, MissingExtraError


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch) -> Path:
    """Make pip look into one folder only, under a name relative to the working folder, as a user's settings may."""
    (tmp_path / "shelf").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_FIND_LINKS", "shelf")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return tmp_path / "shelf"


def test_pip_downloads_whatever_else_the_user_has_set(toy, shelf: Path, scratch: Path, monkeypatch) -> None:
    (shelf / "toy-1.0.tar.gz").write_bytes(toy.sdist)
    (shelf.parent / "pip.py").write_text("raise SystemExit('the working folder was imported')")
    (shelf.parent / "none.txt").write_text("toy==9.9\n")
    monkeypatch.setenv("PIP_ONLY_BINARY", ":all:")
    monkeypatch.setenv("PIP_CONSTRAINT", "none.txt")
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    monkeypatch.setenv("PIP_PLATFORM", "win32")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    assert pip_download(toy.source, scratch) == toy.sdist


def test_nothing_of_a_wrong_package_is_run(toy_maker: Callable, shelf: Path, scratch: Path) -> None:
    ran = shelf.parent / "ran"
    evil = toy_maker(setup=f"open({str(ran)!r}, 'w').close()\n")
    good = toy_maker()
    (shelf / "toy-1.0.tar.gz").write_bytes(evil.sdist)
    with pytest.raises(
        FetchError, match=r"(?s)exit code 1\n    pip said:.*Expected sha256 " + good.source.sdist.sha256
    ):
        pip_download(good.source, scratch)
    assert not ran.exists()


def test_no_network_shows_pips_last_words(toy, shelf: Path, scratch: Path) -> None:
    with pytest.raises(FetchError, match=r"(?s)pip said:.*No matching distribution found for toy==1\.0"):
        pip_download(toy.source, scratch)


def test_the_command_pins_everything(toy, scratch: Path, monkeypatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(installer, "_run", lambda command, log, timeout: seen.append(command))
    with pytest.raises(FetchError, match="pip left 0 files"):
        pip_download(toy.source, scratch)
    (command,) = seen
    assert command[:5] == [sys.executable, "-P", "-m", "pip", "download"]
    assert {"--no-deps", "--require-hashes", "--no-build-isolation"} <= set(command)
    assert command[command.index("--no-binary") + 1] == "toy"
    assert (scratch / "requirements.txt").read_text() == f"toy==1.0 --hash=sha256:{toy.source.sdist.sha256}\n"


@pytest.mark.parametrize(
    ("missing", "error", "words"),
    [
        ("pip", FetchError, "python -m ensurepip"),
        ("setuptools", MissingExtraError, r"fetching toy 1\.0 needs .*pip install 'mt2st\[data\]'"),
    ],
)
def test_missing_tools_are_named(toy, scratch: Path, monkeypatch, missing, error, words) -> None:
    monkeypatch.setattr(installer, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(error, match=words):
        pip_download(toy.source, scratch)


def test_mirrors_and_proxies_reach_pip(monkeypatch) -> None:
    kept = {"PIP_INDEX_URL": "a", "PIP_PROXY": "b", "https_proxy": "c", "PIP_CERT": "d", "PIP_CONFIG_FILE": "e"}
    dropped = {"PIP_CONSTRAINT": "f", "PIP_QUIET": "3", "PIP_PLATFORM": "win32", "PIP_PYTHON": "other"}
    for name, value in {**kept, **dropped, "PIP_REQUIRE_VIRTUALENV": "1"}.items():
        monkeypatch.setenv(name, value)
    environment = installer._environment()
    assert kept.items() <= environment.items()
    assert not dropped.keys() & environment.keys()
    assert environment["PIP_REQUIRE_VIRTUALENV"] == "0"


def test_a_hanging_pip_is_stopped(scratch: Path) -> None:
    command = [sys.executable, "-c", "import time; print('waiting', flush=True); time.sleep(30)"]
    with pytest.raises(FetchError, match=r"stopped after 0\.\d+ seconds"):
        installer._run(command, scratch / "log", 0.4)


def test_passwords_in_addresses_are_not_shown(scratch: Path) -> None:
    program = "print('looking in https://me:secret@mirror/simple'); raise SystemExit(2)"
    with pytest.raises(
        FetchError, match=r"exit code 2\n    pip said:\n    looking in https://\*\*\*\*@mirror"
    ) as caught:
        installer._run([sys.executable, "-c", program], scratch / "log", 20)
    assert "secret" not in str(caught.value)


def test_a_mirror_may_spell_the_name_in_its_own_way(toy, scratch: Path, monkeypatch) -> None:
    def run(command: list[str], log: Path, timeout: float) -> None:
        (Path(command[command.index("--dest") + 1]) / "TOY-1.0.tar.gz").write_bytes(b"bytes")

    monkeypatch.setattr(installer, "_run", run)
    assert pip_download(replace(toy.source, project="Toy"), scratch) == b"bytes"
