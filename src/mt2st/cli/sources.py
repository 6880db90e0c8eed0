"""How to read the files of a command, from its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mt2st.errors import ConfigError, did_you_mean
from mt2st.estimators.inputs.files import KINDS, Helping
from mt2st.text.parameters import parameters_named
from mt2st.text.rows import Cell, RowError
from mt2st.text.targets import read_list
from mt2st.training.settings.labelled import LabelledSource
from mt2st.training.settings.toml import check_section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mt2st.text.parameters import Naming

COLUMNS, DOCUMENT = "label_columns", "document_column"
SETTINGS = ("kind", "format", "text_column", "label_column", COLUMNS, "label_separator", DOCUMENT)


def read_source(given: Mapping[str, str | None], name: Naming) -> LabelledSource:
    """Return how to read a file.

    Parameters
    ----------
    given
        Values of `SETTINGS`; None if not given.
    name
        Their names in error messages.

    Raises
    ------
    ConfigError
        If one is invalid, or does not apply to the kind.
    """
    values: dict[str, Any] = {setting: value for setting, value in given.items() if value is not None}
    if values["kind"] not in KINDS:
        raise ConfigError(f"{name('kind', False)}: no kind {values['kind']!r}{did_you_mean(values['kind'], KINDS)}")
    if values["kind"] == "tagging" and DOCUMENT in values:
        raise ConfigError(
            f"{name(DOCUMENT, False)} is for classification and multilabel, not for tagging: leave it out"
        )
    with parameters_named(name):
        if COLUMNS in values:
            try:
                values[COLUMNS] = read_list(Cell(values[COLUMNS], 1), ",") or []
            except RowError as fault:
                raise ConfigError(f"{name(COLUMNS, False)}: {fault.message}") from None
        return check_section(LabelledSource, values)


def read_helping(given: Sequence[str], kind: str) -> dict[str, Helping]:
    """Return the auxiliaries by name: ``NAME=FILE``, of the same kind unless ``NAME.kind=KIND`` names another.

    Other `SETTINGS` are given in the same form, as for ``mt2st train``.

    Raises
    ------
    ConfigError
        As in `read_source`, and for an unknown setting.
    """
    pairs = [pair_of("--auxiliary", "NAME=FILE", each) for each in given]
    files = {name: data for name, data in pairs if name.rpartition(".")[0] not in dict(pairs)}
    settings: dict[str, dict[str, str]] = {name: {"kind": kind} for name in files}
    for name, value in pairs:
        own, _, setting = name.rpartition(".")
        if name not in files:
            if setting not in SETTINGS:
                raise ConfigError(f"--auxiliary {name}={value}: no such setting{did_you_mean(setting, SETTINGS)}")
            settings[own][setting] = value
    names = {name: _of_auxiliary(name) for name in files}
    return {name: Helping(data, read_source(settings[name], names[name]), names[name]) for name, data in files.items()}


def _of_auxiliary(name: str) -> Naming:
    return lambda setting, _: f"--auxiliary {name}.{setting}"


def pair_of(option: str, form: str, given: str) -> tuple[str, str]:
    """Return the two sides of an option's ``NAME=...``."""
    name, sign, value = given.partition("=")
    if not (name and sign and value):
        raise ConfigError(f"{option} takes {form}, {given!r} found")
    return name, value
