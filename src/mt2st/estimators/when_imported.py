"""Something to do once a module is there, without being the one who imports it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def when_imported(name: str, then: Callable[[ModuleType], None]) -> None:
    """Call ``then`` with a module as soon as it has been executed; now, where it has been already.

    Whoever imports the module gets it after that, in other threads too. It is called again where the module is executed
    again.

    Examples
    --------
    >>> when_imported("json", lambda module: print(module.__name__))
    json
    """
    # In this order another thread's import between the two is not missed.
    sys.meta_path.insert(0, _Finder(name, then))
    if sys.modules.get(name) is not None:
        then(import_module(name))  # which waits where another thread has just begun with it


class _Finder(MetaPathFinder):
    """Finds the module as the finders behind it do, and has something done behind its execution."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]) -> None:
        self.name, self.then = name, then

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        behind = sys.meta_path[sys.meta_path.index(self) + 1 :]
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in behind)), None)
        if spec is not None and spec.loader is not None:
            self._follow(spec.loader)
        return spec

    def _follow(self, loader: Loader) -> None:
        execute = loader.exec_module

        def execute_then(module: ModuleType) -> None:
            execute(module)
            self.then(module)

        loader.exec_module = execute_then  # type: ignore[method-assign]
