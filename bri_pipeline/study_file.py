"""The form of a study file: which keys there are and what each may say, as pydantic models; with lines for errors."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bri_pipeline.csv_rows import utf8_text
from bri_pipeline.errors import UserError
from bri_pipeline.visible import brief, hidden_character

Documents = Literal["publications", "grants"]
SourceKind = Literal["weekly_xml", "patentsview_tables", "odp"]
ZeroYearRule = Literal["skip", "zero", "none"]
CountingDate = Literal["publication", "filing"]
PaperSourceKind = Literal["openalex_api", "openalex_snapshot"]
TerritoryNames = Literal["neutral", "cldr"]
Key = str | int

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
# "dagster" is the folder of an older home's Dagster instance; Windows keeps the others for devices.
_RESERVED = {
    "dagster",
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)),
}
_LONGEST_NAME, _LONGEST_TEXT = 60, 500
_LARGEST_FILE = 20_000


def _study_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(
            f"name is {brief(value)}; use lower-case letters, digits, - and _ (it becomes a folder)"
        )
    if len(value) > _LONGEST_NAME:
        raise ValueError(
            f"name has {len(value):,} characters; {_LONGEST_NAME} are allowed; give a shorter one (it becomes a folder)"
        )
    if value in _RESERVED:
        raise ValueError(f"name is {value!r}, which is reserved; choose another (it becomes a folder)")
    return value


def _line_of_text(value: str) -> str:
    text = value.strip()
    if hidden := hidden_character(text):
        raise ValueError(f"the text holds the character {hidden}, which cannot be seen; remove it")
    if len(text) > _LONGEST_TEXT:
        raise ValueError(
            f"the text has {len(text):,} characters; {_LONGEST_TEXT} are allowed; give a shorter one"
        )
    return text


def _kinds(values: list[str]) -> list[str]:
    for value in values:
        if not re.fullmatch("[A-Z][0-9]?", value, re.ASCII):
            raise ValueError(f'kinds names {brief(value)}; write kind codes like "A1"')
        if values.count(value) > 1:
            raise ValueError(f"kinds names {value} twice; take one out")
    return values


Text = Annotated[str, Field(min_length=1), AfterValidator(_line_of_text)]
_TEXT = "a text in quotes"
_FLAG = "true or false"
_YEAR = "a year such as 2001"


class Table(BaseModel):
    """A table of a study file; what it must be is said by each key's description."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WindowTable(Table):
    """``window``: the dates of publication, both included; without an end it is open."""

    start: date = Field(description="a date such as 2001-01-01")
    end: date | None = Field(None, description="a date such as 2018-02-28")


class SourceTable(Table):
    """``[source]``: where the documents come from."""

    kind: SourceKind = "weekly_xml"
    path: Text | None = Field(None, description="the path of a folder, in quotes")
    country_totals: bool = Field(True, description=_FLAG)


class GrowthTable(Table):
    """``[growth]``: the years of the growth rates, as a pair or from a year on."""

    years: Annotated[list[int], Field(min_length=2, max_length=2)] | None = Field(
        None, description="two years such as [2001, 2017]"
    )
    from_year: int | None = Field(None, alias="from", description=_YEAR)
    zero_year_rule: ZeroYearRule = "skip"


class CountingTable(Table):
    """``[counting]``: which date gives a patent its year."""

    date: CountingDate = "publication"


class ComparisonTable(Table):
    """``[comparison]``: the first year of the later of two periods."""

    from_year: int = Field(alias="from", description=_YEAR)


class PapersTable(Table):
    """``[papers]``: where co-published papers come from; without it the study has none."""

    kind: PaperSourceKind = "openalex_api"
    path: Text | None = Field(None, description="the path of a folder of OpenAlex's snapshot, in quotes")


class StageTable(Table):
    """One of ``[[stages]]``; the last one may be open."""

    name: Text = Field(description=_TEXT)
    from_year: int = Field(alias="from", description=_YEAR)
    to_year: int | None = Field(None, alias="to", description=_YEAR)


class StudyTable(Table):
    """A study file as a whole."""

    name: Annotated[str, AfterValidator(_study_name)] = Field(description=_TEXT)
    title: Text | None = Field(None, description=_TEXT)
    focal_country: str = Field(description='a country code in quotes such as "CN"')
    focal_province: str | None = Field(None, description='an ISO 3166-2 code in quotes such as "CN-JS"')
    window: WindowTable = Field(description="a table such as { start = 2001-01-01, end = 2018-02-28 }")
    partners: Text | Annotated[list[str], Field(min_length=1)] = Field(
        description='the name of a country group, the path of a .csv file, or a list of codes such as ["CN", "IN"]'
    )
    documents: Documents = "publications"
    kinds: Annotated[list[str], Field(min_length=1), AfterValidator(_kinds)] | None = Field(
        None, description='a list of kind codes such as ["A1", "A2"]'
    )
    hong_kong_as_cn: bool = Field(False, description=_FLAG)
    synthetic: bool = Field(False, description=_FLAG)
    expected: Text | None = Field(None, description="the name of a .csv file beside the study, in quotes")
    territory_names: TerritoryNames = "neutral"
    alliances: Text | None = Field(
        None, description="the path of a .csv file of technology alliances, in quotes"
    )
    papers: PapersTable | None = Field(None, description="a table: [papers]")
    source: SourceTable = Field(default_factory=SourceTable, description="a table: [source]")
    growth: GrowthTable = Field(default_factory=GrowthTable, description="a table: [growth]")
    counting: CountingTable = Field(default_factory=CountingTable, description="a table: [counting]")
    comparison: ComparisonTable | None = Field(None, description="a table: [comparison]")
    stages: list[StageTable] = Field(
        default_factory=list, description="[[stages]] tables with name, from and to"
    )


def _table_in(annotation: Any) -> type[Table] | None:
    """The table that a field holds: alone, in a list, or where it may be left out."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _table_in(inner))), None)


_TABLES: dict[Key, type[Table]] = {
    field.alias or name: table
    for name, field in StudyTable.model_fields.items()
    if (table := _table_in(field.annotation))
}


def _curly_quotes(lines: Sequence[str]) -> str:
    """What to do about the quotes that word processors write; empty if there are none outside comments."""
    line = next((n for n, text in enumerate(lines, start=1) if set("“”‘’„") & set(text.split("#")[0])), None)
    return f" Line {line} has curly quotes; write straight ones." if line else ""


class StudyFile:
    """One study file, read and of the right form; every complaint names the file and the line it is about."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            UserError: it is too large, not UTF-8, not TOML, or has a key that is unknown, missing or of the wrong kind.
        """
        self.path = path
        self._lines = (text := utf8_text(path)).splitlines()
        # tomllib takes minutes over some files of more
        if len(text) > _LARGEST_FILE:
            raise UserError(
                f"{path} has {len(text):,} characters; a study file has {_LARGEST_FILE:,} at most. Correct the path."
            )
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else brief_reason(error)
            hint = _curly_quotes(self._lines)
            raise UserError(f"{path}: not valid TOML: {reason}; correct it.{hint}") from None
        try:
            self.table = StudyTable.model_validate(self.data)
        except ValidationError as error:
            complaints = [self._complaint(details) for details in error.errors(include_url=False)]
            where, why = min(complaints, key=lambda complaint: self.line(complaint[0]))
            self.refuse(where, why)

    def refuse(self, where: Sequence[Key], why: str) -> NoReturn:
        """Complain about a key, given as its tables, places in lists and name: ``("stages", 1, "from")``.

        Raises:
            UserError: always.
        """
        raise UserError(f"{self.path}, line {self.line(where)}: {why}.")

    def line(self, where: Sequence[Key]) -> int:
        """Line of a key, or of the table or list it is missing from."""
        table = next((key for key in where[:-1] if isinstance(key, str)), "")
        nth = next((key for key in where if isinstance(key, int)), 0)
        return _key_line(self._lines, str(where[-1]) if isinstance(where[-1], str) else "", table, nth)

    def _complaint(self, details: Any) -> tuple[tuple[Key, ...], str]:
        """Where a validation error is and what to say of it."""
        where = self._place(details["loc"])
        key, kind = where[-1], details["type"]
        table, field = _form_of(where)
        if kind == "extra_forbidden":
            section = f"[{where[0]}]" if len(where) > 1 else "the study"
            return where, f"unknown key {brief(key)} in {section}; known: {', '.join(sorted(_names(table)))}"
        if kind == "value_error":
            return where, str(details["ctx"]["error"])
        if kind == "missing":
            if where[0] == "stages" and isinstance(where[1], int):
                return where, f"stage {where[1] + 1} has no {key}; give one"
            return where, f"{_dotted(where)} must be given, as {field}"
        return where, f"{_dotted(where)} must be {field}, not {brief(details['input'])}"

    def _place(self, loc: tuple[Key, ...]) -> tuple[Key, ...]:
        """The part of pydantic's location that is in the file, without the names of unions' members."""
        value: Any = self.data
        place: list[Key] = []
        for key in loc:
            if place and place[0] not in _TABLES:
                break
            if isinstance(value, dict) and isinstance(key, str):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and loc[0] == "stages":
                value = value[key]
            else:
                break
            place.append(key)
        return tuple(place)


def brief_reason(error: Exception) -> str:
    """The message of an error without what is long or cannot be seen in it."""
    return brief(str(error), 200)[1:-1].rstrip(".")


def _dotted(where: Sequence[Key]) -> str:
    return ".".join(str(key) for key in where if isinstance(key, str))


def _names(table: type[Table]) -> list[str]:
    return [field.alias or name for name, field in table.model_fields.items()]


def _form_of(where: Sequence[Key]) -> tuple[type[Table], str]:
    """The table a key belongs to, and what the key must be, in words."""
    inside = len([key for key in where if isinstance(key, str)]) > 1
    table = _TABLES[where[0]] if inside else StudyTable
    for name, field in table.model_fields.items():
        if where[-1] in (name, field.alias):
            options = [str(option) for option in get_args(field.annotation)]
            return table, field.description or f"one of {', '.join(options)}"
    return table, f"a table with {', '.join(_names(table))}"


def _key_line(lines: Sequence[str], key: str, table: str, nth: int) -> int:
    """Line of a key in a table (the nth of its name), or of the inline table or header it belongs to."""
    seen, current, header = -1, "", 1
    for number, line in enumerate(lines, start=1):
        heading = re.match(r"""\s*\[+\s*["']?([A-Za-z0-9_-]+)["']?\s*\]+""", line)
        if heading:
            current = heading[1]
            seen += current in (table, key)
            if current in (table, key) and seen == nth:
                header = number
            continue
        if not current and (names := _assigned(line)):
            if names[0] == table and (key in names[1:] or re.search(rf"\b{re.escape(key)}\s*=", line)):
                return number
            if names[0] in (table, key) and (header == 1 or names[0] == key):
                header = number
        in_table = current == table and (seen == nth or not table)
        if in_table and _assigned(line)[:1] == [key]:
            return number
    return header


def _assigned(line: str) -> list[str]:
    """The key that a line assigns, in its parts: ``window.start = ...`` -> ["window", "start"]."""
    part = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
    match = re.match(rf"\s*({part}(?:\s*\.\s*{part})*)\s*=", line)
    return [name.strip("\"'") for name in re.findall(part, match[1])] if match else []
