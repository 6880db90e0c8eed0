"""Lazy imports: names of a package whose modules are imported when the name is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return a package's ``__getattr__``, which imports a name's module when the name is first used.

    Parameters
    ----------
    package
        Its ``__name__``.
    homes
        The module of each name; one that begins with a dot is of the package.

    Examples
    --------
    >>> found = lazily("mt2st.text", {"tokenize": ".tokenizer"})
    >>> found("tokenize")("A film")
    ['a', 'film']
    >>> found("film")
    Traceback (most recent call last):
    AttributeError: module 'mt2st.text' has no attribute 'film'
    """

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name], package), name)

    return find
