"""Names of the parameters of reading in messages: arguments, flags or settings, depending on the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

# Maps a parameter, and whether the message requests it ("pass format=") or only mentions it, to its name.
Naming: TypeAlias = Callable[[str, bool], str]


def as_argument(name: str, wanted: bool) -> str:
    """Return the name of a parameter as a function's argument.

    Examples
    --------
    >>> as_argument("format", True), as_argument("format", False)
    ('format=', 'format')
    """
    return f"{name}=" if wanted else name


def as_flag(name: str, _: bool) -> str:
    """Return the name of a parameter as a command's flag.

    Examples
    --------
    >>> as_flag("text_column", True)
    '--text-column'
    """
    return "--" + name.replace("_", "-")


def as_setting(section: str) -> Naming:
    """Return a function that names parameters as settings of a section.

    Examples
    --------
    >>> name = as_setting("primary")
    >>> name("format", True), name("format", False)
    ('--set primary.format=...', 'primary.format')
    """
    return lambda name, wanted: f"--set {section}.{name}=..." if wanted else f"{section}.{name}"


_NAMING: ContextVar[Naming] = ContextVar("naming", default=as_argument)


def asked(name: str) -> str:
    """Return a parameter's name for a remedy that requests it."""
    return _NAMING.get()(name, True)


def told(name: str) -> str:
    """Return a parameter's name for a message that mentions it."""
    return _NAMING.get()(name, False)


@contextmanager
def parameters_named(name: Naming) -> Iterator[None]:
    """Within this context, let errors of reading name parameters by ``name``.

    Examples
    --------
    >>> with parameters_named(as_flag):
    ...     asked("text_column")
    '--text-column'
    >>> asked("text_column")
    'text_column='
    """
    before = _NAMING.set(name)
    try:
        yield
    finally:
        _NAMING.reset(before)
