"""What those who ask call the parameters of reading: arguments, flags or settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

# From a parameter, and whether it is asked for ("pass format=") or told of ("see label_column"), to its name.
Naming: TypeAlias = Callable[[str, bool], str]


def as_argument(name: str, wanted: bool) -> str:
    """Return the argument of a function.

    Examples
    --------
    >>> as_argument("format", True), as_argument("format", False)
    ('format=', 'format')
    """
    return f"{name}=" if wanted else name


def as_flag(name: str, _: bool) -> str:
    """Return the flag of a command.

    Examples
    --------
    >>> as_flag("text_column", True)
    '--text-column'
    """
    return "--" + name.replace("_", "-")


def as_setting(section: str) -> Naming:
    """Return what names settings of a section.

    Examples
    --------
    >>> name = as_setting("primary")
    >>> name("format", True), name("format", False)
    ('--set primary.format=...', 'primary.format')
    """
    return lambda name, wanted: f"--set {section}.{name}=..." if wanted else f"{section}.{name}"


_NAMING: ContextVar[Naming] = ContextVar("naming", default=as_argument)


def asked(name: str) -> str:
    """Return a parameter in a remedy that asks for it."""
    return _NAMING.get()(name, True)


def told(name: str) -> str:
    """Return a parameter that a message speaks of."""
    return _NAMING.get()(name, False)


@contextmanager
def parameters_named(name: Naming) -> Iterator[None]:
    """Have errors of reading name parameters as those know them who asked.

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
