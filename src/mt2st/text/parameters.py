"""What those who ask call the parameters of reading: flags, or settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from mt2st.errors import DataError

# A parameter, and whether it is asked for ("pass format=") or told of ("format='tsv'", "see label_column").
PARAMETER = re.compile(r"\b(format(?==)|(?:text|label|document|second)_column)\b(=(?!['\"\d]))?")
Naming: TypeAlias = Callable[[str, bool], str]


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
    return lambda name, asked: f"--set {section}.{name}=..." if asked else f"{section}.{name}"


@contextmanager
def parameters_named(name: Naming) -> Iterator[None]:
    """Have errors of reading name parameters as those know them who asked.

    Examples
    --------
    >>> with parameters_named(as_flag):
    ...     raise DataError("no header: pass text_column=, or name the columns")
    Traceback (most recent call last):
    mt2st.errors.DataError: no header: pass --text-column, or name the columns
    """
    try:
        yield
    except DataError as error:
        error.args = (PARAMETER.sub(lambda found: name(found[1], bool(found[2])), str(error)),)
        raise
