"""Equality of texts up to case and spaces, to keep held-out texts out of training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Container, Iterable


class HasText(Protocol):
    """An example with a text."""

    @property
    def text(self) -> str:
        """Return the text."""
        ...


Text = TypeVar("Text", bound=HasText)


def content(text: str) -> str:
    """Return the text with case and spaces normalised; texts equal in this are considered the same.

    Examples
    --------
    >>> content("YAY.  Another good phone"), content("Yay. Another good phone ")
    ('yay. another good phone', 'yay. another good phone')
    """
    return " ".join(text.casefold().split())


def contents(*parts: Iterable[HasText]) -> set[str]:
    """Return the `content` of all examples of some parts."""
    return {content(each.text) for part in parts for each in part}


def leave_out(examples: Iterable[Text], held_out: Container[str]) -> list[Text]:
    """Return the examples whose content is not held out.

    Examples
    --------
    >>> from mt2st.text import Example
    >>> leave_out([Example("A fine film"), Example("dull")], contents([Example("a fine  film")]))[0].text
    'dull'
    """
    return [each for each in examples if content(each.text) not in held_out]
