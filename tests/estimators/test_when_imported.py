"""Another's import is followed by what waits for it, and is otherwise as it would have been."""

from __future__ import annotations

import importlib.util
import sys
from importlib import import_module

import pytest

from mt2st.estimators.when_imported import when_imported


@pytest.fixture
def waits(tmp_path, monkeypatch):
    """Yield what makes a module of a source, and a list of what was called with it."""
    called = []
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.syspath_prepend(tmp_path)

    def make(source):
        (tmp_path / "awaited_module.py").write_text(source, encoding="utf-8")
        when_imported("awaited_module", called.append)
        return called

    return make


def test_it_is_called_with_the_whole_module_once(waits):
    called = waits("value = 1")
    assert called == [] and importlib.util.find_spec("awaited_module") is not None and called == []
    import_module("awaited_module")
    import_module("awaited_module")
    assert [module.value for module in called] == [1]


def test_it_is_called_at_once_where_the_module_is_there(waits):
    called = waits("")
    when_imported("json", called.append)
    assert [module.__name__ for module in called] == ["json"]


def test_several_may_wait_for_the_same(waits):
    called = waits("")
    when_imported("awaited_module", called.append)
    import_module("awaited_module")
    assert len(called) == 2


def test_it_is_called_again_where_the_module_is_imported_anew(waits):
    called = waits("")
    import_module("awaited_module")
    del sys.modules["awaited_module"]
    import_module("awaited_module")
    assert len(called) == 2


def test_a_module_that_fails_is_not_told_of_until_it_does_not(waits, tmp_path):
    called = waits("import nothing_of_that_name")
    with pytest.raises(ModuleNotFoundError, match="nothing_of_that_name"):
        import_module("awaited_module")
    assert called == []
    (tmp_path / "awaited_module.py").write_text("value = 22", encoding="utf-8")
    import_module("awaited_module")
    assert [module.value for module in called] == [22]


def test_a_module_that_is_not_there_is_missed_as_usual(waits):
    called = waits("")
    when_imported("no_module_of_that_name", called.append)
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_module_of_that_name'"):
        import_module("no_module_of_that_name")
    assert called == []
