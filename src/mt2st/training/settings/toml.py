"""Settings as TOML: read, checked with errors that name the key and the nearest known one, written with comments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args

import tomlkit
from pydantic import BaseModel, ValidationError
from tomlkit.items import Table

from mt2st.errors import ConfigError, did_you_mean
from mt2st.text.parameters import told
from mt2st.training.settings.schema import Settings
from mt2st.training.settings.section import Section
from mt2st.training.settings.tasks import Auxiliary

Checked = TypeVar("Checked", bound=BaseModel)
# Pydantic's names for the types of a union in an error's location, and the endings of the names of type errors.
TYPES = ("constrained-float", "constrained-int", "str", "int")
OTHER_TYPE = ("_type", "literal_error")
NO_SECTION = ("model_type", "dict_type")
# The settings of a section that are looked for and changed most, written first.
FIRST = ("name", "kind", "data", "labels", "encoder", "passes")


def parse_settings(values: Mapping[str, Any], *, source: str = "settings") -> Settings:
    """Check plain values and return them as settings.

    Raises
    ------
    ConfigError
        Naming the key, the rule and the value found; for an unknown key the nearest known one.

    Examples
    --------
    >>> parse_settings({"training": {"sede": 3}})
    Traceback (most recent call last):
    mt2st.errors.ConfigError: settings: unknown key training.sede; did you mean 'seed'?
    """
    return check_section(Settings, values, source=source)


def check_section(kind: type[Checked], values: Mapping[str, Any], *, source: str = "") -> Checked:
    """Check plain values and return them as a section of the settings; `parse_settings` does so for all settings.

    Examples
    --------
    >>> from mt2st.training.settings.labelled import Source
    >>> check_section(Source, {"format": "xls"})
    Traceback (most recent call last):
    mt2st.errors.ConfigError: format: Input should be 'auto', 'tsv', 'csv', 'jsonl', 'fasttext', 'lines', 'conllu' or \
'columns', found 'xls'
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        told_of = (_explain(item, source, kind) for item in _telling(error.errors()))
        raise ConfigError("\n".join(told_of)) from None


def _telling(errors: Sequence[Any]) -> list[Any]:
    """Leave out type errors for the other types of a union if the value breaks a rule of one of its types."""
    broken = [_key(error) for error in errors if not error["type"].endswith(OTHER_TYPE)]
    return [
        error
        for error in errors
        if not error["type"].endswith(OTHER_TYPE) or not any(key.startswith(_key(error)) for key in broken)
    ]


def _key(error: Any) -> str:
    # For a union, the location ends with the type that was tried.
    return ".".join(str(part) for part in error["loc"] if "[" not in str(part) and part not in TYPES)


def _explain(error: Any, source: str, kind: type[BaseModel]) -> str:
    if error["type"] == "extra_forbidden":
        place = [str(part) for part in error["loc"]]
        return f"{source}: unknown key {'.'.join(place)}{did_you_mean(place[-1], _model(place, kind).model_fields)}"
    found = "" if isinstance(error["input"], dict) else f", found {error['input']!r}"
    key, rule = _key(error), error["msg"].removeprefix("Value error, ")
    if error["type"] in NO_SECTION:
        rule = f"must be a section, [{'auxiliary.NAME' if key.startswith('auxiliary') else key}]"
    # The error of a rule about several keys has no key, and its message names them.
    parts = source, key and told(key), rule
    return ": ".join(filter(None, parts)) + found


def _model(key: Sequence[str], model: type[BaseModel] = Settings) -> type[BaseModel]:
    """Return the section that holds a key."""
    for part in key[:-1]:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        kinds = [annotation, *get_args(annotation)]
        model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return model


def load_settings(path: Path) -> dict[str, Any]:
    """Read a TOML file as plain values.

    Raises
    ------
    ConfigError
        If it cannot be read, or is not TOML, with line and column.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}): give the path of a TOML file, or run: mt2st init"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}; where it is a file of examples, give it as --data") from None


def assign(values: dict[str, Any], assignment: str) -> None:
    """Apply ``section.key=value`` to plain values; the value is TOML, or else a string.

    A bare ``none`` is None for a setting that may be None; in quotes it is a string.

    Examples
    --------
    >>> values = {"training": {"seed": 1}}
    >>> assign(values, "training.seed=3"); assign(values, "model.encoder=bilstm"); values
    {'training': {'seed': 3}, 'model': {'encoder': 'bilstm'}}
    """
    key, equals, text = assignment.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise ConfigError(f"--set takes section.key=value, found {assignment!r}")
    place(values, parts, _value(parts, text.strip()), source=f"--set {assignment}")


def place(values: dict[str, Any], parts: Sequence[str], value: object, *, source: str) -> None:
    """Set a value by the parts of its key, creating missing sections.

    Raises
    ------
    ConfigError
        If a part that should be a section is a value.
    """
    for part in parts[:-1]:
        values = values.setdefault(part, {})
        if not isinstance(values, dict):
            raise ConfigError(f"{source}: {part} is a value, not a section: write [{part}] above its settings")
    values[parts[-1]] = value


def _value(parts: Sequence[str], text: str) -> object:
    field = _model(parts).model_fields.get(parts[-1])
    return None if text == "none" and field and NoneType in get_args(field.annotation) else value_of(text)


def value_of(text: str) -> object:
    """Parse a TOML value; if the text is not TOML, return it as a string.

    Examples
    --------
    >>> value_of("0.5"), value_of("false"), value_of("balanced")
    (0.5, False, 'balanced')
    """
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def dump_settings(settings: Settings) -> str:
    """Return the settings as TOML, each with a comment that describes it.

    Settings that an auxiliary's kind does not have are left out. Those that are None, "none" in the comments, are
    commented out, as TOML has no such value.
    """
    document = tomlkit.document()
    for name in Settings.model_fields:
        section = getattr(settings, name)
        if isinstance(section, dict):
            group = tomlkit.table(is_super_table=True)
            for key, item in section.items():
                group.add(key, _table(item))
            document.add(name, group)
        else:
            document.add(name, _table(section))
    return tomlkit.dumps(document)


def dump_other_kinds(settings: Settings) -> str:
    """Return, as comments, the settings of the kinds of auxiliaries that are not in ``settings``."""
    lines = ["# An auxiliary of another kind has some of these in its section; the kinds stand in brackets."]
    for name in Auxiliary.only_for:
        if not any(each.applies(name) for each in settings.auxiliary.values()):
            field = Auxiliary.model_fields[name]
            value = "" if field.default is None else tomlkit.item(field.default).as_string()
            lines.append(f"# {name} = {value} # {field.description}")
    return "\n".join(lines) + "\n"


def _table(section: Section) -> Table:
    table = tomlkit.table()
    table.comment((section.__doc__ or "").splitlines()[0])
    for key, field in sorted(type(section).model_fields.items(), key=lambda named: named[0] not in FIRST):
        value = getattr(section, key)
        if not section.applies(key):
            continue
        if value is None:
            table.add(tomlkit.comment(f"{key} =  # {field.description}"))
            continue
        if isinstance(value, Section):  # a section in a section, the last of its fields
            table.add(key, _table(value))
            continue
        item = tomlkit.item(value)
        if isinstance(value, dict):
            item = tomlkit.inline_table()
            item.update(value)
        table.add(key, item.comment(field.description or ""))
    table.add(tomlkit.nl())
    return table
