"""Settings as TOML: read, checked with errors that name the key and the nearest known one, written with comments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import tomlkit
from pydantic import BaseModel, ValidationError
from tomlkit.items import Table

from mt2st.errors import ConfigError, did_you_mean
from mt2st.training.settings.schema import Settings


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
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(item, source) for item in error.errors())) from None


def _explain(error: Any, source: str) -> str:
    place = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        return f"{source}: unknown key {'.'.join(place)}{did_you_mean(place[-1], _fields_beside(place))}"
    found = "" if isinstance(error["input"], dict) else f", found {error['input']!r}"
    # A value of several possible types ends its place with the type that was tried.
    key = ".".join(
        part for part in place if "[" not in part and part not in ("constrained-float", "constrained-int", "str", "int")
    )
    # A rule about several sections has no key, and names them itself.
    where = f"{source}: {key}" if key else source
    return f"{where}: {error['msg'].removeprefix('Value error, ')}{found}"


def _fields_beside(place: Sequence[str]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in place[:-1]:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        kinds = [annotation, *get_args(annotation)]
        model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return list(model.model_fields)


def load_settings(path: Path) -> dict[str, Any]:
    """Read a TOML file as plain values.

    Raises
    ------
    ConfigError
        Where it cannot be read or is no TOML, with line and column.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}): give the path of a TOML file, or run: mt2st init"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None


def assign(values: dict[str, Any], assignment: str) -> None:
    """Carry out ``section.key=value`` on plain values; the value is TOML, or else taken as a string.

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
    try:
        value = tomllib.loads(f"value = {text.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    for part in parts[:-1]:
        values = values.setdefault(part, {})
        if not isinstance(values, dict):
            raise ConfigError(f"--set {assignment}: {part} is a value, not a section")
    values[parts[-1]] = value


def dump_settings(settings: Settings) -> str:
    """Return the settings as TOML, each with a comment that says what it is.

    Settings that are None, "none" in the comments, are written as commented lines, as TOML has no such value.
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


def _table(section: BaseModel) -> Table:
    table = tomlkit.table()
    table.comment((section.__doc__ or "").splitlines()[0])
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if value is None:
            table.add(tomlkit.comment(f"{key} =  # {field.description}"))
            continue
        if isinstance(value, BaseModel):  # a section in a section, the last of its fields
            table.add(key, _table(value))
            continue
        item = tomlkit.item(value)
        if isinstance(value, dict):
            item = tomlkit.inline_table()
            item.update(value)
        table.add(key, item.comment(field.description or ""))
    table.add(tomlkit.nl())
    return table
