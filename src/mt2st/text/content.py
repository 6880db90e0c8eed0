"""When two texts are the same: what is judged by is not trained on, whatever its case and spaces."""

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
    """Return what texts have in common that differ in case and spaces alone, and are one text therefore.

    Examples
    --------
    >>> content("YAY.  Another good phone"), content("Yay. Another good phone ")
    ('yay. another good phone', 'yay. another good phone')
    """
    return " ".join(text.casefold().split())


def contents(*parts: Iterable[HasText]) -> set[str]:
    """Return the contents of all examples of some parts."""
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
