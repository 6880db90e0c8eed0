"""Options that several commands share, and how they become settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from mt2st.training.settings import Settings


class StrategyName(StrEnum):
    """Strategies by name."""

    single = "single"
    pretrain = "pretrain"
    constant = "constant"
    diminish = "diminish"
    switch = "switch"
    linear = "linear"
    cosine = "cosine"
    feedback = "feedback"


class PrimaryName(StrEnum):
    """The rated-sentence sets, each of which can be the primary of the default job."""

    film = "film"
    products = "products"
    tweets = "tweets"
    editorials = "editorials"


class BadRows(StrEnum):
    """What to do about a row that cannot be read."""

    error = "error"
    skip = "skip"


Config = Annotated[Path | None, typer.Argument(help="Settings file (TOML; see: mt2st init). Default: the default job.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a setting, e.g. training.seed=3. Repeatable."),
]
Primary = Annotated[
    PrimaryName | None, typer.Option(help="Primary task of the default job; the other sets are auxiliaries.")
]
Data = Annotated[str | None, typer.Option(metavar="PATH", help="Your own file of labelled examples for the primary.")]
Labels = Annotated[int | None, typer.Option(min=1, help="Number of labelled training examples to use.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Random seed: draw of labels, initial values and order.")]
OnBadRows = Annotated[BadRows | None, typer.Option(help="On a row that cannot be read: stop, or count and skip it.")]
FileFormat = Annotated[
    str,
    typer.Option("--format", help="tsv, csv, jsonl, fasttext, lines, conllu or columns; auto tells by the file name."),
]
TextColumn = Annotated[
    str | None, typer.Option(help="Column of the text, or of the tokens: its name, or its number from 1.")
]
LabelColumn = Annotated[str | None, typer.Option(help="Column of the label, or of the tags.")]
LabelColumns = Annotated[
    str | None,
    typer.Option(metavar="NAME,...", help="Several labels per text: one column of 1 and 0 each, by name or number."),
]
LabelSeparator = Annotated[
    str | None, typer.Option(help="Several labels per text, listed in one column: what separates them. Default: ,")
]
AtBadRows = Annotated[BadRows, typer.Option(help="On a row that cannot be read: stop, or count and skip it.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Output folder. Default: the next one under runs/.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print warnings and errors only.")]


def check_folder(path: Path | None) -> None:
    """Raise `ConfigError`, before the work, if no file can be written at a path, such as ``-``."""
    if path == Path("-"):
        raise ConfigError("cannot write to -: give the path of a file, as /dev/stdout")
    if path and not path.parent.is_dir():
        raise ConfigError(f"cannot write {path}: there is no folder {path.parent}; make it, or give another path")
    if path and path.is_dir():
        raise ConfigError(f"cannot write {path}: it is a folder; give the path of a file, e.g. in it")
    if path and not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ConfigError(f"cannot write {path}: the system does not allow it; give another path")


@dataclass
class Request:
    """Settings as given on the command line."""

    config: Path | None = None
    primary: PrimaryName | None = None
    data: str | None = None
    sets: list[str] = field(default_factory=list)
    flags: dict[str, Any] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        """Return whether any setting was given."""
        flags = any(value is not None for value in self.flags.values())
        return bool(self.config or self.primary or self.data is not None or self.sets or flags)

    def settings(self, stored: dict[str, Any] | None = None) -> Settings:
        """Return the settings: those of the file or of the default job, then flags, then ``--set``.

        For a run to resume, ``stored`` are its settings: they replace the default job unless that was requested, so
        that settings not given are unchanged.
        """
        from mt2st.training.settings import assign, parse_settings, place

        if self.data == "":
            raise ConfigError("--data is empty: give a file or a named set")
        values = self._base() if stored is None or self.config or self.primary else self._changed(stored)
        for key, value in self.flags.items():
            if value is not None:
                plain = value.value if isinstance(value, StrEnum) else value
                place(values, key.split("."), plain, source=str(self.config))
        for assignment in self.sets:
            assign(values, assignment)
        parsed = parse_settings(values, source=str(self.config or "settings"))
        if "data" not in parsed.primary.model_fields_set:  # the default job only applies without a file
            raise ConfigError(
                f"{self.config}: primary.data is missing: set a file or a named set there, or give --data"
            )
        return parsed

    def _base(self) -> dict[str, Any]:
        from mt2st.training.settings import default_settings, load_settings

        if self.config is None:
            if self.primary and self.data is not None:
                raise ConfigError("--primary names a set of the default job, --data your own file: give one of them")
            primary = (self.primary or PrimaryName.products).value
            return default_settings(primary if self.data is None else self.data)
        if self.primary:
            raise ConfigError(
                f"--primary chooses the default job; with {self.config} use --data or --set primary.data=..."
            )
        return self._changed(load_settings(self.config))

    def _changed(self, values: dict[str, Any]) -> dict[str, Any]:
        from mt2st.training.settings import place

        if self.data is not None:
            place(values, ("primary", "data"), self.data, source=str(self.config))
        return values
