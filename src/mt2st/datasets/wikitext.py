"""Wiki markup to plain text: enough for running text to train word vectors on, nothing more."""

from __future__ import annotations

import html
import re

# A body that cannot hold its own opening mark is an innermost one: removing those until none is left
# handles nesting, and a mark that is never closed costs a few odd words instead of the rest of the article.
_TEMPLATE = re.compile(r"\{\{(?:(?!\{\{|\}\}).)*\}\}", re.DOTALL)
_TABLE = re.compile(r"\{\|(?:(?!\{\||\|\}).)*\|\}", re.DOTALL)
_LINK = re.compile(r"\[\[([^\[\]]*)\]\]")

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A footnote that refers to a named one closes itself; it is removed first, or it would pair with a later `</ref>`.
_SELF_CLOSED = re.compile(r"<(?:ref|references|nowiki)\b[^<>]*/>", re.IGNORECASE)
_NOT_PROSE = re.compile(
    r"<(ref|math|gallery|timeline|source|syntaxhighlight|score|imagemap|code|pre|hiero)\b[^<>]*>.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_URL = re.compile(r"\[(?:https?:|ftp:|mailto:)?//[^\s\]]+\s?([^\[\]\n]*)\]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_QUOTES = re.compile(r"'{2,}")
_NO_CAPTION = re.compile(r"\s*(?:file|image|category|media|[a-z]{2,3}(?:-[a-z]+)*)\s*:", re.IGNORECASE)
# What a template leaves behind, with the space before it where punctuation follows.
_EMPTY_BRACKETS = re.compile(r"\s?\([,;:\s]*\)(?!\w)|\([,;:\s]*\)")
# Headings, rows of a table that lost its end, switches such as __NOTOC__, and files whose caption is malformed.
_NOT_A_LINE = re.compile(r"={2,}.*={2,}$|[|!{}]|__[A-Z]+__$|(?:file|image):", re.IGNORECASE)
_BULLET = re.compile(r"^[*#:;]+\s*")


def plain_lines(markup: str) -> list[str]:
    r"""Return the running text of a wiki page, one paragraph or list item a line.

    Comments, footnotes, templates, tables, formulas, files, categories and headings go; a link leaves the words shown.

    Parameters
    ----------
    markup
        The source text of one page, in the MediaWiki syntax.

    Examples
    --------
    >>> plain_lines("'''Anarchism''' is a [[political philosophy|philosophy]]{{sfn|Ward|2004}}.<ref>p. 3</ref>")
    ['Anarchism is a philosophy.']
    >>> page = "== History ==\n[[File:A.jpg|thumb|A [[flag]]]]\n* first\n{| class=x\n| cell\n|}\nlast&nbsp;words"
    >>> plain_lines(page)
    ['first', 'last words']
    """
    bare = _without_blocks(markup)
    text = html.unescape(_TAG.sub(" ", _without_links(bare)))
    lines = (_clean_line(line) for line in text.split("\n"))
    return [line for line in lines if line]


def _without_blocks(markup: str) -> str:
    text = _COMMENT.sub("", markup)
    text = _NOT_PROSE.sub("", _SELF_CLOSED.sub("", text))
    return _until_stable(_TABLE, "", _until_stable(_TEMPLATE, "", text))


def _until_stable(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    found = 1
    while found:
        text, found = pattern.subn(replacement, text)
    return text


def _without_links(text: str) -> str:
    text = _URL.sub(r"\1", text)
    found = 1
    while found:
        text, found = _LINK.subn(_words_shown, text)
    return text.replace("[[", "").replace("]]", "")


def _words_shown(link: re.Match[str]) -> str:
    target, _, label = link[1].partition("|")
    if _NO_CAPTION.match(target):
        return ""
    return label or target.removeprefix(":")


def _clean_line(line: str) -> str:
    line = line.strip()
    if _NOT_A_LINE.match(line):
        return ""
    line = _QUOTES.sub("", _BULLET.sub("", line))
    return " ".join(_EMPTY_BRACKETS.sub("", line).split())
