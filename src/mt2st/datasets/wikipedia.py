"""The Wikipedia sample: a bzip2 XML dump, read as plain text."""

from __future__ import annotations

import bz2
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from mt2st.datasets.wikitext import plain_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

_REDIRECT = re.compile(r"\s*#redirect", re.IGNORECASE)


def read_dump(stream: IO[bytes]) -> Iterator[str]:
    r"""Yield the lines of running text of every article in a compressed MediaWiki dump.

    Redirects and pages outside the main namespace (help, talk, project pages) are passed over.

    Parameters
    ----------
    stream
        An open ``pages-articles`` dump, XML in bzip2.

    Examples
    --------
    >>> import io
    >>> page = "<mediawiki><page><ns>0</ns><revision><text>One ''two''.</text></revision></page></mediawiki>"
    >>> list(read_dump(io.BytesIO(bz2.compress(page.encode()))))
    ['One two.']
    """
    with bz2.open(stream) as xml:
        for _, element in ElementTree.iterparse(xml):
            if element.tag.rpartition("}")[2] == "page":
                yield from _article_lines(element)
                element.clear()  # a dump is larger than memory in general


def _article_lines(page: ElementTree.Element) -> list[str]:
    text = page.findtext("{*}revision/{*}text") or ""
    if page.findtext("{*}ns") != "0" or _REDIRECT.match(text):
        return []
    return plain_lines(text)
