"""Development and test parts from files of their own: their texts are removed from the training data."""

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
    """Examples by part; None if the part is split off from the data."""

    development: list[Text] | None
    test: list[Text] | None


def read_own_parts(primary: Primary, reader: Reader, read: Callable[[str], list[Text]]) -> OwnParts[Text]:
    """Read the parts that have files; remove texts of the test part from the development part.

    Raises
    ------
    DataError
        If that leaves no development example; as ``read``.
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
        If there is none.
    """
    own = [(primary.test_data, parts.test), (primary.development_data, parts.development)]
    left = list(examples)
    for path, part in own:
        if part is not None:
            left = without_texts(left, part, reader, primary.data, str(path))
    return left


def without_texts(examples: Sequence[Text], part: Sequence[Text], reader: Reader, path: str, other: str) -> list[Text]:
    """Return the examples of one file whose text is not in ``part``, read from another; count those left out."""
    kept = leave_out(examples, contents(part))
    if not kept:
        nothing = f"nothing is left of {counted(len(examples), 'example')}: {other} has the same texts"
        raise DataError(f"{nothing}; give other ones", path=path)
    reader.count(path, f"whose text is also in {other}", len(examples) - len(kept))
    return kept
