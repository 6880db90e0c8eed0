"""Development and test parts that are files of their own: what they hold is not trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from mt2st.errors import DataError, counted
from mt2st.text.content import contents, leave_out
from mt2st.training.split import Text

if TYPE_CHECKING:
    from mt2st.training.reading import Reader
    from mt2st.training.settings import Primary


@dataclass(frozen=True)
class OwnParts(Generic[Text]):
    """Examples by part; None where the part is a share of the data."""

    development: list[Text] | None
    test: list[Text] | None


def read_own_parts(primary: Primary, reader: Reader, read: Callable[[str], list[Text]]) -> OwnParts[Text]:
    """Read the parts that are files; no text of the test part stays among the development examples.

    Raises
    ------
    DataError
        Where all of these are in the test part, and as ``read``.
    """
    development, test = (None if path is None else read(path) for path in (primary.development_data, primary.test_data))
    if development is not None and test is not None:
        path, other = str(primary.development_data), str(primary.test_data)
        development = without_texts(development, test, reader, path, other)
    return OwnParts(development, test)


def left_to_train(examples: Sequence[Text], parts: OwnParts[Text], primary: Primary, reader: Reader) -> list[Text]:
    """Return the primary's examples whose text is in neither part.

    Raises
    ------
    DataError
        Where there is none.
    """
    own = [(primary.test_data, parts.test), (primary.development_data, parts.development)]
    left = list(examples)
    for path, part in own:
        if part is not None:
            left = without_texts(left, part, reader, primary.data, str(path))
    return left


def without_texts(examples: Sequence[Text], part: Sequence[Text], reader: Reader, path: str, other: str) -> list[Text]:
    """Return the examples of one file whose text is not in a part read from another, and note how many were."""
    kept = leave_out(examples, contents(part))
    if not kept:
        nothing = f"nothing is left of {counted(len(examples), 'example')}: {other} has the same texts"
        raise DataError(f"{nothing}; give other ones", path=path)
    reader.count(path, f"whose text is also in {other}", len(examples) - len(kept))
    return kept
