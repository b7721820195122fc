"""What a model and a check are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bri_pipeline.errors import UserError

Severity = Literal["error", "warn"]


class ModelError(UserError):
    """A file under ``sql/`` that cannot be used: which one and why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A documented column; ``unit`` is empty for texts, and for numbers whose meaning says it."""

    name: str
    description: str
    unit: str = ""

    @property
    def description_with_unit(self) -> str:
        """``meaning [unit]``, as the database and the UI say it."""
        return f"{self.description} [{self.unit}]" if self.unit else self.description


@dataclass(frozen=True, slots=True)
class Check:
    """A query that returns the offending rows of ``table``; none means passed.

    ``path`` is None for the checks declared in a model's header (``@unique``, ``@not_null``).
    """

    name: str
    table: str
    description: str
    severity: Severity
    sql: str
    path: Path | None
    depends_on: frozenset[str]

    @property
    def id(self) -> str:
        """``marts.by_year/years_without_holes``."""
        return f"{self.table}/{self.name}"


@dataclass(frozen=True, slots=True)
class Model:
    """One SQL file: a query and what its header says of it.

    ``sql`` is the query without the header, ``digest`` changes with the query and the header, comments left aside.
    """

    schema: str
    table: str
    description: str
    columns: tuple[Column, ...]
    unique: tuple[tuple[str, ...], ...]
    not_null: tuple[str, ...]
    sql: str
    path: Path
    digest: str
    depends_on: frozenset[str]
    checks: tuple[Check, ...]
    is_view: bool

    @property
    def name(self) -> str:
        """``core.patents``."""
        return f"{self.schema}.{self.table}"
