"""The base class of all sections of the settings, which refuses unknown names, and types with bounds."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Above0 = Annotated[float, Field(gt=0, allow_inf_nan=False)]
AtLeast0 = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
# The seed of a random number generator; TOML has no larger integers.
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]
Name = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
PerTask = AtLeast0 | dict[str, AtLeast0]
PerTaskAbove0 = Above0 | dict[str, Above0]


class Section(BaseModel):
    """A group of settings; names that are not among them, and values of other types, are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, validate_default=True)

    def applies(self, name: str) -> bool:  # noqa: ARG002
        """Return whether a setting has an effect here, whatever its value."""
        return True
