"""A study: which country and province, with whom, when, from which files. Read from a TOML file, fully checked."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bri_pipeline.csv_rows import CsvRow, csv_rows
from bri_pipeline.errors import UserError
from bri_pipeline.settings import CHECKOUT, PACKAGE, resource_dir, working_directory
from bri_pipeline.study_file import (
    CountingDate,
    Documents,
    PaperSourceKind,
    SourceKind,
    StageTable,
    StudyFile,
    TerritoryNames,
    ZeroYearRule,
)
from bri_pipeline.visible import brief

DEFAULT_KINDS: dict[str, tuple[str, ...]] = {"publications": ("A1", "A2", "A9"), "grants": ("B1", "B2")}
FIRST_YEAR = 2001  # pre-grant publication began on 15 March 2001
FIRST_YEAR_OF_GRANTS = 2002  # before it their files are SGML (2001) and text (since 1976)
# First-level subdivisions known by name; the gazetteer resolves addresses of the first only.
PROVINCE_FILES = ("cn_provinces.csv", "regions.csv")


@dataclass(frozen=True)
class Partner:
    """A partner country; ``searched`` is false for members listed but left out of the search."""

    iso2: str
    name: str
    region: str
    searched: bool
    note: str


@dataclass(frozen=True)
class SourceSettings:
    """Where the documents come from; ``path`` is null for the study's own archive folder.

    ``country_totals``: while weekly files are scanned, count the publications of every country too. They are
    the denominators of ``marts.affinity``, and make the scan take two to three times as long.
    """

    kind: SourceKind
    path: Path | None
    country_totals: bool


@dataclass(frozen=True)
class PaperSettings:
    """Where co-published papers come from; ``path`` is the folder of OpenAlex's snapshot, null for its API."""

    kind: PaperSourceKind
    path: Path | None


@dataclass(frozen=True)
class Stage:
    """A period the study compares, both years included.

    An open stage has no declared end; ``to_year`` is then the last whole year so far.
    """

    name: str
    from_year: int
    to_year: int
    is_open: bool = False


@dataclass(frozen=True)
class Study:
    """One study file, validated; ``digest`` changes when its meaning does.

    ``growth_years`` are those declared, else the years of the window; ``growth_from`` is the first year where the
    study declares no last one, which is then the last whole year so far. ``comparison_from`` is the first year of
    the later of the two periods compared. ``alliances`` is the file of technology alliances, ``papers`` where
    co-published papers come from; null where the study has none.
    """

    name: str
    title: str
    focal_country: str
    focal_province: str | None
    window_start: date
    window_end: date | None
    partner_group: str
    partners: tuple[Partner, ...]
    documents: Documents
    kinds: tuple[str, ...]
    hong_kong_as_cn: bool
    source: SourceSettings
    growth_years: tuple[int, int]
    zero_year_rule: ZeroYearRule
    stages: tuple[Stage, ...]
    expected: Path | None
    synthetic: bool
    path: Path
    digest: str
    growth_from: int | None = None
    declares_growth: bool = False
    counting_date: CountingDate = "publication"
    comparison_from: int | None = None
    territory_names: TerritoryNames = "neutral"
    alliances: Path | None = None
    papers: PaperSettings | None = None

    @property
    def as_argument(self) -> str:
        """What ``--study`` takes for it in a shell: the name of a shipped one, else the path of its file."""
        return self.name if list_studies().get(self.name) == self.path else shlex.quote(str(self.path))

    @property
    def last_year(self) -> int:
        """Last year of the window so far: this year where the end is open or still to come."""
        return self.last_year_at(date.today())

    def last_year_at(self, today: date) -> int:
        """The last year of the window on a given day."""
        return min(self.window_end.year, today.year) if self.window_end else today.year

    @property
    def years(self) -> range:
        """Every year the window touches: the partitions."""
        return range(self.window_start.year, self.last_year + 1)

    @property
    def searched(self) -> tuple[Partner, ...]:
        """The partners that are searched: one raw asset each."""
        return tuple(partner for partner in self.partners if partner.searched)

    @property
    def focal_countries(self) -> frozenset[str]:
        """Country codes whose inventors may count for the focal country."""
        return countries_at_home(self.focal_country, self.hong_kong_as_cn)


def countries_at_home(focal_country: str, hong_kong_as_cn: bool) -> frozenset[str]:
    """The focal country, with Hong Kong where it counts as China; neither can be a partner of itself."""
    return frozenset({"CN", "HK"} if hong_kong_as_cn and focal_country == "CN" else {focal_country})


def list_studies() -> dict[str, Path]:
    """The shipped studies: name -> file."""
    return {path.stem: path for path in sorted(resource_dir("data/studies").glob("*.toml"))}


def load_study(name_or_path: str) -> Study:
    """Load a study by its name or by the path of its file.

    Raises:
        UserError: no such study, or the file says something that cannot be; the line is named.
    """
    return _study(StudyFile(_study_path(name_or_path)))


def _study_path(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        path = _absolute(name_or_path)
        if path is None or not _is_file(path):
            raise UserError(
                f"There is no study file {brief(name_or_path, 300)}. "
                "Give the path of a .toml file or one of the names `bri studies` lists."
            )
        return path
    shipped = list_studies()
    if name_or_path not in shipped:
        raise UserError(
            f"There is no study named {brief(name_or_path)}; there are {', '.join(shipped)}. "
            "To use a file of your own, give its path (ending in .toml)."
        )
    return shipped[name_or_path]


def _absolute(text: str) -> Path | None:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # the home of an unknown user
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be looked into
        return False


def read_partner_group(path: Path) -> tuple[Partner, ...]:
    """Partners of a group's file (columns iso2, name, region, searched, note), in the file's order.

    Raises:
        UserError: the file cannot be read, or a row names no country, one that is there already, or says of neither
            yes nor no that it is searched; the line is named.
    """
    names = country_names()
    lines: dict[str, int] = {}
    partners = []
    for line, row in csv_rows(path, ("iso2", "name", "region", "searched", "note")):
        code, searched = row["iso2"], row["searched"].lower()
        if code not in names:
            raise UserError(
                f"{path}, line {line}: iso2 is {brief(code)}, which is no country code; write one such as SG."
            )
        if code in lines:
            raise UserError(
                f"{path}, line {line}: {code} is there already, on line {lines[code]}; take one of them out."
            )
        if searched not in ("yes", "no"):
            raise UserError(
                f"{path}, line {line}: searched is {brief(row['searched'])}; it must be yes or no."
            )
        lines[code] = line
        partners.append(
            Partner(code, row["name"] or names[code], row["region"], searched == "yes", row["note"])
        )
    return tuple(partners)


def country_names() -> dict[str, str]:
    """ISO 3166 two-letter code (and the USPTO's historic ones) -> English name."""
    return {row["iso2"]: row["name"] for _, row in _reference_rows("countries.csv", "iso2", "name")}


def _reference_rows(name: str, *columns: str) -> Sequence[CsvRow]:
    """Rows of a shipped file; a study asks for the same several times, so it is read again only when it changed."""
    path = resource_dir("data/reference") / name
    try:
        found = path.stat()
    except OSError:
        return csv_rows(path, columns)  # which says what is wrong
    return _rows_as_of(path, columns, (found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=8)
def _rows_as_of(path: Path, columns: tuple[str, ...], _written: tuple[int, int]) -> Sequence[CsvRow]:
    return csv_rows(path, columns)


def partner_groups() -> dict[str, Path]:
    """The shipped groups of partner countries: name -> file."""
    folder = resource_dir("data/reference") / "country_groups"
    return {path.stem: path for path in sorted(folder.glob("*.csv"))}


def last_whole_year(end: date | None, today: date) -> int:
    """The last year that is over before the window ends, or before today."""
    last = min(end, today) if end else today
    return last.year if (last.month, last.day) == (12, 31) else last.year - 1


class _Years(NamedTuple):
    """The first and last year of the window, and the last that is whole."""

    first: int
    last: int
    last_whole: int


def _study(file: StudyFile) -> Study:
    """The study a file declares; what its keys say of each other and of the reference data is checked here."""
    table = file.table
    years = _window_years(file)
    focal = _country(file, table.focal_country, ("focal_country",))
    group, partners = _partners(file)
    comparison_from = _comparison_from(file, years)
    return Study(
        name=table.name,
        title=table.title or table.name,
        focal_country=focal,
        focal_province=_province(file),
        window_start=table.window.start,
        window_end=table.window.end,
        partner_group=group,
        partners=partners,
        documents=table.documents,
        kinds=tuple(table.kinds or DEFAULT_KINDS[table.documents]),
        hong_kong_as_cn=table.hong_kong_as_cn,
        source=_source(file),
        growth_years=_growth_years(file, years),
        zero_year_rule=table.growth.zero_year_rule,
        stages=_stages(file, years),
        expected=_expected(file),
        synthetic=table.synthetic,
        path=file.path,
        digest=hashlib.sha256(repr((sorted(file.data.items()), partners)).encode()).hexdigest()[:16],
        growth_from=table.growth.from_year,
        declares_growth=table.growth.years is not None or table.growth.from_year is not None,
        counting_date=table.counting.date,
        comparison_from=comparison_from,
        territory_names=table.territory_names,
        alliances=_alliances(file),
        papers=_papers(file),
    )


def _window_years(file: StudyFile) -> _Years:
    start, end, today = file.table.window.start, file.table.window.end, date.today()
    where = ("window", "start")
    if start.year < FIRST_YEAR_OF_GRANTS and file.table.documents == "grants":
        file.refuse(
            where,
            f"the window starts on {start}, and grants before {FIRST_YEAR_OF_GRANTS} are text and SGML, which are "
            f"not read; begin in {FIRST_YEAR_OF_GRANTS} or later",
        )
    if start.year < FIRST_YEAR:
        file.refuse(
            where,
            f"the window starts on {start}, and applications were not published before 15 March {FIRST_YEAR}; "
            f"begin in {FIRST_YEAR} or later",
        )
    if start > today:
        file.refuse(where, f"the window starts on {start}, in the future; give an earlier date")
    if end is not None and end < start:
        file.refuse(
            ("window", "end"),
            f"the window is reversed: it ends on {end}, before it starts on {start}; give the earlier date as start",
        )
    return _Years(start.year, end.year if end else today.year, last_whole_year(end, today))


def _country(file: StudyFile, code: str, where: tuple[str, ...]) -> str:
    if code not in country_names():
        file.refuse(where, f"{brief(code)} is no country code; give two capital letters such as SG")
    return code


def _partners(file: StudyFile) -> tuple[str, tuple[Partner, ...]]:
    """Name of the group and its members; a shipped group may hold the focal country, which is not searched."""
    given = file.table.partners
    home = countries_at_home(file.table.focal_country, file.table.hong_kong_as_cn)
    if isinstance(given, list):
        return "list", _listed_partners(file, given, home)
    shipped = partner_groups().get(given)
    path = shipped or _own_group(file, given)
    partners = read_partner_group(path)
    if shipped is None:
        _refuse_focal_member(path, file.table.focal_country)
    partners = _without_search_at_home(partners, file.table.focal_country, home)
    if not any(partner.searched for partner in partners):
        file.refuse(
            ("partners",),
            f"the group {brief(given, 300)} has no member that is searched; write yes under searched for one",
        )
    return given, partners


def _listed_partners(file: StudyFile, codes: Sequence[str], home: frozenset[str]) -> tuple[Partner, ...]:
    where, focal = ("partners",), file.table.focal_country
    names = country_names()
    for code in codes:
        _country(file, code, where)
        if codes.count(code) > 1:
            file.refuse(where, f"partners name {code} twice; take one out")
    if all(code in home for code in codes):
        file.refuse(where, f"partners name no country but {focal} itself; give other countries")
    if focal in codes:
        file.refuse(where, f"partners name {focal}, which is the focal country; take it out")
    partners = tuple(Partner(code, names[code], "", True, "") for code in codes)
    return _without_search_at_home(partners, focal, home)


def _own_group(file: StudyFile, given: str) -> Path:
    """The file of a group that is not shipped, beside the study file or by a whole path."""
    path = _resolved(file, given)
    if not given.lower().endswith(".csv"):
        known = ", ".join(partner_groups())
        file.refuse(
            ("partners",),
            f"there is no country group {brief(given)}; there are: {known}. For a group of your own give the path of "
            "its .csv file",
        )
    if not _is_file(path):
        file.refuse(("partners",), f"there is no file {path} with a country group; correct the path")
    return path


def _refuse_focal_member(path: Path, focal: str) -> None:
    for line, row in csv_rows(path, ("iso2",)):
        if row["iso2"] == focal:
            raise UserError(
                f"{path}, line {line}: {focal} is the focal country of the study and cannot be its own partner; "
                "take the line out."
            )


def _without_search_at_home(
    partners: Sequence[Partner], focal: str, home: frozenset[str]
) -> tuple[Partner, ...]:
    """The members; those whose inventors count for the focal country are listed with a note and not searched."""

    def noted(partner: Partner) -> Partner:
        why = "the focal country itself" if partner.iso2 == focal else f"counts as {focal}"
        return replace(partner, searched=False, note=f"{partner.note}; {why}" if partner.note else why)

    return tuple(noted(partner) if partner.iso2 in home else partner for partner in partners)


def _province(file: StudyFile) -> str | None:
    value, focal = file.table.focal_province, file.table.focal_country
    if value is None:
        return None
    if not re.fullmatch(f"{focal}-[A-Z0-9]{{1,3}}", value, re.ASCII):
        file.refuse(
            ("focal_province",),
            f"focal_province is {brief(value)}; give an ISO 3166-2 code of {focal} such as {focal}-JS",
        )
    known = [
        row["iso"]
        for name in PROVINCE_FILES
        for _, row in _reference_rows(name, "iso")
        if row["iso"].startswith(f"{focal}-")
    ]
    if known and value not in known:
        country = country_names()[focal]
        file.refuse(
            ("focal_province",),
            f"focal_province is {value!r}; give one of {country}'s: {', '.join(sorted(known))}",
        )
    return value


def _source(file: StudyFile) -> SourceSettings:
    table = file.table.source
    if file.table.documents == "grants" and table.kind != "weekly_xml":
        file.refuse(
            ("source", "kind"),
            f"a study of grants reads weekly_xml; {table.kind} holds publications of applications; "
            "change one of the two",
        )
    path = _resolved(file, table.path) if table.path else None
    return SourceSettings(table.kind, path, table.country_totals)


def _alliances(file: StudyFile) -> Path | None:
    value = file.table.alliances
    if value is None:
        return None
    path = _resolved(file, value)
    if not _is_file(path):
        file.refuse(
            ("alliances",),
            f"there is no file {brief(str(path), 300)[1:-1]} of technology alliances; correct the path",
        )
    return path


def _papers(file: StudyFile) -> PaperSettings | None:
    table = file.table.papers
    if table is None:
        return None
    if table.kind == "openalex_api":
        if table.path is not None:
            file.refuse(("papers", "path"), "papers from OpenAlex's API have no path; take it out")
        return PaperSettings(table.kind, None)
    if table.path is None:
        file.refuse(
            ("papers", "kind"), "papers from OpenAlex's snapshot need the path of its folder; give it as path"
        )
    return PaperSettings(table.kind, _resolved(file, table.path))


def _resolved(file: StudyFile, path: str) -> Path:
    """A path of the study file: beside the file, else in the working directory, the checkout, the wheel."""
    roots = (file.path.parent, working_directory(), CHECKOUT, PACKAGE / "_resources")
    try:
        given = Path(path).expanduser()
        found = next((root / given for root in roots if (root / given).exists()), roots[0] / given)
        return found.resolve()
    except (OSError, RuntimeError):  # a name too long, or the home of an unknown user
        return roots[0] / path


def _growth_years(file: StudyFile, years: _Years) -> tuple[int, int]:
    growth = file.table.growth
    if growth.years is not None and growth.from_year is not None:
        file.refuse(("growth", "from"), "growth gives both years and from; give one of them")
    if growth.from_year is not None:
        if not years.first <= growth.from_year < years.last_whole:
            file.refuse(
                ("growth", "from"),
                f"growth.from is {brief(growth.from_year)}; it must be in the window and before its last whole year, "
                f"{years.first} to {years.last_whole - 1}",
            )
        return growth.from_year, years.last_whole
    first, last = growth.years or (years.first, years.last)
    if last < first or first < years.first or last > years.last:
        file.refuse(
            ("growth", "years"),
            f"growth.years {brief([first, last])} must rise and be within {years.first} to {years.last}",
        )
    return first, last


def _comparison_from(file: StudyFile, years: _Years) -> int | None:
    if file.table.comparison is None:
        return None
    value = file.table.comparison.from_year
    if not years.first < value <= years.last:
        file.refuse(
            ("comparison", "from"),
            f"comparison.from is {brief(value)}; it must leave years of the window, {years.first} to {years.last}, "
            "on both sides",
        )
    return value


def _stages(file: StudyFile, years: _Years) -> tuple[Stage, ...]:
    tables = file.table.stages
    stages: list[Stage] = []
    for number, table in enumerate(tables):
        if table.to_year is None and number < len(tables) - 1:
            file.refuse(
                ("stages", number), f"stage {number + 1} has no to; give one, only the last stage may be open"
            )
        _check_stage(file, number, table, years)
        if stages and table.from_year != stages[-1].to_year + 1:
            file.refuse(
                ("stages", number, "from"),
                f"stage {brief(table.name)} must start in {stages[-1].to_year + 1}, the year after the stage before",
            )
        to_year = table.to_year or max(years.last_whole, table.from_year)
        stages.append(Stage(table.name, table.from_year, to_year, table.to_year is None))
    if len({stage.name for stage in stages}) < len(stages):
        file.refuse(("stages",), "two stages have the same name; rename one")
    return tuple(stages)


def _check_stage(file: StudyFile, number: int, table: StageTable, years: _Years) -> None:
    name, first, last = brief(table.name), table.from_year, table.to_year
    if last is not None and last < first:
        file.refuse(
            ("stages", number, "to"),
            f"stage {name} runs from {brief(first)} to {brief(last)}; give the earlier year as from",
        )
    if first < years.first or first > years.last or (last or first) > years.last:
        key = "from" if last is None or first < years.first else "to"
        file.refuse(
            ("stages", number, key),
            f"stage {name} leaves the window; give years within {years.first} to {years.last}",
        )


def _expected(file: StudyFile) -> Path | None:
    value = file.table.expected
    if value is None:
        return None
    path = file.path.parent / value
    if not _is_file(path):
        file.refuse(
            ("expected",),
            f"there is no file {brief(str(path), 300)[1:-1]}; correct the name, or leave expected out",
        )
    return path
