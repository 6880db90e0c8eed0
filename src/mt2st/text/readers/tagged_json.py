"""Tagged sentences as JSON lines: an object for each, with a list of its tokens and one of their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mt2st.errors import DataError, did_you_mean
from mt2st.text.fields import is_number
from mt2st.text.parameters import asked, told
from mt2st.text.readers.jsonlines import check_writable, parse_object, value_columns
from mt2st.text.rows import Cell, RowError, known_label

if TYPE_CHECKING:
    from mt2st.text.files import Line

# The keys that are looked for, in this order.
TOKENS, TAGS = ("tokens", "words"), ("tags", "ner_tags", "pos_tags", "upos", "labels")


class Keys(NamedTuple):
    """The keys of tokens and tags; None for the first of the usual ones that an object has."""

    tokens: str | None
    tags: str | None

    @classmethod
    def of(cls, tokens: str | int | None, tags: str | int | None) -> Keys:
        """Check that they are names."""
        for name, key in (("text_column", tokens), ("label_column", tags)):
            if is_number(key):
                raise DataError(f"{told(name)}={key!r}: the keys of JSON lines are names, not numbers: pass the name")
        return cls(None if tokens is None else str(tokens), None if tags is None else str(tags))


def tagged_lists(line: Line, keys: Keys) -> tuple[list[str], list[str | None]]:
    """Return the tokens and the tags of a line; a tag is None if it is null, empty or ``_``.

    Examples
    --------
    >>> from mt2st.text.files import Line
    >>> tagged_lists(Line(1, '{"tokens": ["Anna", "ran"], "ner_tags": ["B-PER", null]}'), Keys(None, None))
    (['Anna', 'ran'], ['B-PER', None])
    """
    record, places = parse_object(line), value_columns(line.text)
    tokens, tags = (
        _strings(record, key, usual, what, line, places)
        for key, usual, what in ((keys.tokens, TOKENS, "text_column"), (keys.tags, TAGS, "label_column"))
    )
    if not tokens:
        raise RowError("empty text", "a sentence without tokens: remove the line", line.number)
    if len(tokens) != len(tags):
        message = f"{len(tokens)} tokens and {len(tags)} tags: give each token a tag, null where it is not known"
        raise RowError("wrong number of tags", message, line.number)
    if not all(token is not None and token.strip() for token in tokens):
        raise RowError("empty token", "a token is empty: fill it in, or remove it and its tag", line.number)
    return [token or "" for token in tokens], [None if tag is None else known_label(tag) for tag in tags]


def _strings(
    record: dict[str, Any], key: str | None, usual: tuple[str, ...], what: str, line: Line, places: dict[str, int]
) -> list[str | None]:
    found = key if key is not None else next((each for each in usual if each in record), usual[0])
    if found not in record:
        message = f"no key {found!r}: name it by {asked(what)}, or add the key{did_you_mean(found, list(record))}"
        raise RowError("missing key", message, line.number)
    values, column = record[found], places.get(found, 1)
    if not isinstance(values, list):
        message = f"{found!r} must be a list of strings, {type(values).__name__} found: give one for each token"
        raise RowError("wrong type", message, line.number, column)
    for value in values:
        if value is not None and not isinstance(value, str):
            message = f"{found!r} must hold strings, {value!r:.30} found: write names, not the numbers of classes"
            raise RowError("wrong type", message, line.number, column)
        check_writable(value or "", found, Cell(value, line.number, column))
    return values
