"""Calling a function once a module is imported, without importing it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def when_imported(name: str, then: Callable[[ModuleType], None]) -> None:
    """Call ``then`` with a module as soon as it has been executed, or now if it already has.

    An import of the module, in any thread, returns only after that. If the module is executed again, ``then`` is called
    again.

    Examples
    --------
    >>> when_imported("json", lambda module: print(module.__name__))
    json
    """
    # In this order, so that an import by another thread in between is not missed.
    sys.meta_path.insert(0, _Finder(name, then))
    if sys.modules.get(name) is not None:
        then(import_module(name))  # waits if another thread has just begun to import it


class _Finder(MetaPathFinder):
    """Finds the module by the finders after it, and wraps its loader so that ``then`` is called after execution."""

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
