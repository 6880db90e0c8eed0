"""Lazy imports: names and modules of a package, imported when they are first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return a package's ``__getattr__``, which imports a name's module when the name is first used.

    The package's own modules are found too, so that ``import mt2st`` is enough for `mt2st.text.tokenize`.

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
    >>> found("content").__name__
    'mt2st.text.content'
    >>> found("film")
    Traceback (most recent call last):
    AttributeError: module 'mt2st.text' has no attribute 'film'
    """

    def find(name: str) -> object:
        if name in homes:
            return getattr(import_module(homes[name], package), name)
        if not name.startswith("_") and find_spec(f"{package}.{name}"):
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return find
