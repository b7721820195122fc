"""Reads a study's file of technology alliances: every line is used, or the file is refused with what is wrong in it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bri_pipeline.csv_rows import CsvRow, csv_rows
from bri_pipeline.errors import UserError
from bri_pipeline.resources import resource_dir
from bri_pipeline.study import PROVINCE_FILES, country_names
from bri_pipeline.visible import brief
from bri_pipeline.warehouse.focal_places import resolver_of

if TYPE_CHECKING:
    from bri_pipeline.places.resolver import Resolver
    from bri_pipeline.study import Study

Row = dict[str, Any]

KINDS = ("transfer", "licence", "joint laboratory", "alliance", "demonstration centre")
_SPELLED = {
    "license": "licence",
    "joint lab": "joint laboratory",
    "demonstration center": "demonstration centre",
}
_COLUMNS = ("date", "focal_party", "foreign_party", "country", "kind", "source")
_PLACES = ("place", "province", "city")
_ANY_PLACE = {"province_or_city": "place"}
_LISTED = 8
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
SYNTHETIC_SOURCE = "synthetic"


def alliance_rows(study: Study) -> list[Row]:
    """The rows of ``reference.alliances``; none if the study has no file.

    A line that says what another one says (date, parties, country, kind) is kept and marked ``duplicate_of`` it.

    Raises:
        UserError: the file cannot be read, lacks a column, or has lines that cannot be used; all of these are counted,
            and the first eight things that are wrong are named with their line.
    """
    if study.alliances is None:
        return []
    complaints: list[str] = []
    rows: list[Row] = []
    reader = _LineReader(study)
    for line, values in _named_rows(study.alliances):
        row, wrong = reader.row(line, values)
        rows.append(row)
        complaints += [f"line {line}: {what}" for what in wrong]
    if complaints:
        _refuse(study.alliances, complaints)
    _mark_duplicates(rows)
    return rows


def _named_rows(path: Path) -> list[CsvRow]:
    """The rows with the names of their columns made alike: ``Focal party`` is ``focal_party``."""
    rows = csv_rows(path, _COLUMNS, renamed=_column)
    if not rows:
        raise UserError(f"{path} holds no alliance; write one a line, or leave alliances out of the study.")
    if not any(name in rows[0].values for name in _PLACES):
        raise UserError(
            f"{path}, line 1: the column place (or province, or city) is missing; the first line must name "
            f"{', '.join(_COLUMNS)} and place (a province or city), or province and city."
        )
    return rows


def _column(name: str) -> str:
    known = re.sub("[ _]+", "_", name.casefold())
    return _ANY_PLACE.get(known, known)


def _refuse(path: Path, complaints: list[str]) -> None:
    more = f"; and {len(complaints) - _LISTED} more" if len(complaints) > _LISTED else ""
    lines = len({complaint.partition(":")[0] for complaint in complaints})
    count = "one line" if lines == 1 else f"{lines} lines"
    raise UserError(
        f"{path} has {count} that cannot be used: {'; '.join(complaints[:_LISTED])}{more}. "
        "Mend the file, then run the command again."
    )


class _LineReader:
    """Turns the texts of a line into a row, for one study."""

    def __init__(self, study: Study) -> None:
        self._focal, self._synthetic = study.focal_country, study.synthetic
        names = country_names()
        self._countries = {name.casefold(): code for code, name in names.items()}
        self._countries |= {partner.name.casefold(): partner.iso2 for partner in study.partners}
        self._codes = frozenset(names)
        self._provinces = _province_codes(study.focal_country)

    def row(self, line: int, values: Mapping[str, str]) -> tuple[Row, list[str]]:
        """One row, and all that is wrong with the line, in words; a value that is wrong is null."""
        wrong: list[str] = []

        def read(convert: Callable[[], Any]) -> Any:
            try:
                return convert()
            except ValueError as error:
                wrong.append(str(error))
                return None

        first_day, last_day = read(lambda: _days(values["date"])) or (None, None)
        place, province = values.get("place") or values.get("city", ""), values.get("province", "")
        read(lambda: self._refuse_places(place, province))
        row = {
            "line": line,
            "date": values["date"],
            "year": first_day and first_day.year,
            "first_day": first_day,
            "last_day": last_day,
            "focal_party": read(lambda: _given(values, "focal_party")),
            "city_raw": place or None,
            "region_raw": province or None,
            "foreign_party": read(lambda: _given(values, "foreign_party")),
            "country": read(lambda: self._country(values["country"])),
            "kind": read(lambda: _kind(values["kind"])),
            "source": read(lambda: _given(values, "source")),
            "is_synthetic": self._synthetic or values["source"].casefold().startswith(SYNTHETIC_SOURCE),
        }
        return row, wrong

    def _refuse_places(self, place: str, province: str) -> None:
        if not place and not province:
            raise ValueError("it names no place; give the province or city of the focal party")
        for text in (place, province):
            self._refuse_unknown_code(text)
        if province and self._provinces and self._resolver.resolve(None, province).province is None:
            raise ValueError(f"province is {brief(province)}, which is no province of {self._focal}")

    @cached_property
    def _resolver(self) -> Resolver:
        return resolver_of(self._focal)

    def _country(self, text: str) -> str:
        code = text.upper() if text.upper() in self._codes else self._countries.get(text.casefold())
        if code is None:
            raise ValueError(f"country is {brief(text)}, which is no country's code (such as SG) or name")
        if code == self._focal:
            raise ValueError(f"country is {brief(text)}, the focal country; give that of the foreign party")
        return code

    def _refuse_unknown_code(self, text: str) -> None:
        """Names are for the resolver; a code must be one."""
        if _CODE.fullmatch(text) and self._provinces and text not in self._provinces:
            raise ValueError(
                f"{brief(text)} is no province of {self._focal}; write it like {self._provinces[0]}"
            )


def _province_codes(country: str) -> list[str]:
    folder = resource_dir("data/reference")
    codes = [row["iso"] for name in PROVINCE_FILES for _, row in csv_rows(folder / name, ("iso",))]
    return [code for code in codes if code.startswith(f"{country}-")]


def _given(values: Mapping[str, str], name: str) -> str:
    if not values[name]:
        raise ValueError(f"{name} must not be empty")
    return values[name]


def _kind(text: str) -> str:
    kind = " ".join(text.casefold().replace("_", " ").split())
    kind = _SPELLED.get(kind, kind)
    if kind not in KINDS:
        raise ValueError(f"kind is {brief(text)}; it must be one of {', '.join(KINDS)}")
    return kind


def _days(text: str) -> tuple[date, date]:
    """First and last day that a date may mean: a day, a month or a year."""
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        last_month = 12 if month is None else month
        last_day = calendar.monthrange(year, last_month)[1] if day is None else day
        return first, date(year, last_month, last_day)
    except ValueError:
        raise ValueError(f"date is {brief(text)}; write it like 2015-03-31, 2015-03 or 2015") from None


def _mark_duplicates(rows: list[Row]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        said = tuple(
            " ".join(str(row[name]).casefold().split())
            for name in ("date", "focal_party", "foreign_party", "country", "kind")
        )
        row["duplicate_of"] = seen.get(said)
        seen.setdefault(said, row["line"])
