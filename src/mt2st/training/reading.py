"""Reading sources, counting the rows left out, and tokenising each text once."""

from __future__ import annotations

from contextlib import AbstractContextManager

from mt2st.text import Example, Examples, tokenize
from mt2st.text.content import leave_out
from mt2st.text.parameters import as_setting, parameters_named
from mt2st.text.rows import Rows
from mt2st.training.further import Further, read_further
from mt2st.training.settings import Auxiliary, Settings, Source
from mt2st.training.sources import load_examples


class Reader:
    """Reads sources and counts the rows left out."""

    def __init__(self, settings: Settings) -> None:
        self.on_bad_rows = settings.training.on_bad_rows
        self._auxiliaries = settings.auxiliary
        self.skipped: dict[str, dict[str, int]] = {}

    def read(self, source: Source, data: str, *, require_labels: bool = True) -> Examples:
        """Read one named set or file; a row whose label is not known becomes an example without one."""
        with self.naming_settings_of(source):
            found = load_examples(
                source, data, on_bad_rows=self.on_bad_rows, require_labels=require_labels, keep_unlabelled=True
            )
        for reason, count in found.skipped.items():
            self.count(data, reason, count)
        return found

    def naming_settings_of(self, source: Source) -> AbstractContextManager[None]:
        """Make errors of reading name the settings of this source."""
        section = next((f"auxiliary.{name}" for name, each in self._auxiliaries.items() if each is source), "primary")
        return parameters_named(as_setting(section))

    def count(self, data: str, reason: str, rows: int) -> None:
        """Record the number of skipped rows of a source, by reason."""
        if rows:
            self.skipped.setdefault(data, {})[reason] = rows

    def read_further(self, auxiliary: Auxiliary, held_out: set[str]) -> Further:
        """Read a labelled auxiliary that is not a classification, leaving out examples whose text is held out."""
        rows = Rows(str(auxiliary.data), self.on_bad_rows == "skip")
        with self.naming_settings_of(auxiliary):
            found, left_out = read_further(auxiliary, rows, held_out)
        for reason, count in rows.skipped.items():
            self.count(rows.path, reason, count)
        self.count(rows.path, "held out of the primary", left_out)
        return found

    def read_beside(self, source: Source, data: str, held_out: set[str], *, require_labels: bool) -> list[Example]:
        """Read the examples of an auxiliary, leaving out those whose text is held out."""
        found = self.read(source, data, require_labels=require_labels).examples
        kept = leave_out(found, held_out)
        self.count(data, "held out of the primary", len(found) - len(kept))
        return kept


class Tokens:
    """Tokenises each text once."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}

    def of(self, example: Example) -> list[str]:
        """Return the words of an example."""
        if example.text not in self._known:
            self._known[example.text] = tokenize(example.text)
        return self._known[example.text]
