"""A study: which country and province, with whom, when, from which files. Read from a TOML file, fully checked."""

from __future__ import annotations

import csv
import hashlib
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from bri_pipeline.errors import UserError
from bri_pipeline.settings import CHECKOUT, PACKAGE, resource_dir

Documents = Literal["publications", "grants"]
SourceKind = Literal["weekly_xml", "patentsview_tables", "odp"]
ZeroYearRule = Literal["skip", "zero", "none"]

DEFAULT_KINDS: dict[str, tuple[str, ...]] = {"publications": ("A1", "A2", "A9"), "grants": ("B1", "B2")}
FIRST_YEAR = 2001  # pre-grant publication began on 15 March 2001
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Partner:
    """A partner country; ``searched`` is false for members listed but left out of the search."""

    iso2: str
    name: str
    region: str
    searched: bool
    note: str


@dataclass(frozen=True)
class Source:
    """Where the documents come from; ``path`` is null for the study's own archive folder.

    ``country_totals``: while weekly files are scanned, count the publications of every country too. They are
    the denominators of ``marts.affinity``, and make the scan take two to three times as long.
    """

    kind: SourceKind
    path: Path | None
    country_totals: bool


@dataclass(frozen=True)
class Stage:
    """A period the study compares, both years included."""

    name: str
    from_year: int
    to_year: int


@dataclass(frozen=True)
class Study:
    """One study file, validated; ``digest`` changes when its meaning does."""

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
    source: Source
    growth_years: tuple[int, int]
    zero_year_rule: ZeroYearRule
    stages: tuple[Stage, ...]
    expected: Path | None
    synthetic: bool
    path: Path
    digest: str

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
    return _StudyFile(_study_path(name_or_path)).study()


def _study_path(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml") or "/" in name_or_path:
        path = Path(name_or_path).expanduser().absolute()
        if not path.is_file():
            raise UserError(
                f"There is no study file {path}. Give the path of a .toml file or one of the names `bri studies` lists."
            )
        return path
    shipped = list_studies()
    if name_or_path not in shipped:
        raise UserError(
            f"There is no study named {name_or_path!r}; there are {', '.join(shipped)}. "
            "To use a file of your own, give its path (ending in .toml)."
        )
    return shipped[name_or_path]


def read_partner_group(name: str) -> tuple[Partner, ...]:
    """Partners of ``data/reference/country_groups/<name>.csv``, in the file's order.

    Raises:
        UserError: no such group, or a row without a two-letter code.
    """
    folder = resource_dir("data/reference") / "country_groups"
    path = folder / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.csv")))
        raise UserError(f"There is no country group {name!r}; there are: {known}.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    partners = []
    for line, row in enumerate(rows, start=2):
        if not re.fullmatch("[A-Z]{2}", row["iso2"]) or row["searched"] not in ("yes", "no"):
            raise UserError(
                f"{path}, line {line}: needs a two-letter iso2 and searched yes or no, not {row}."
            )
        partners.append(
            Partner(row["iso2"], row["name"], row["region"], row["searched"] == "yes", row["note"])
        )
    return tuple(partners)


def country_names() -> dict[str, str]:
    """ISO 3166 two-letter code (and the USPTO's historic ones) -> English name."""
    path = resource_dir("data/reference") / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["name"] for row in csv.DictReader(file)}


def _chinese_provinces() -> set[str]:
    path = resource_dir("data/reference") / "cn_provinces.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["iso"] for row in csv.DictReader(file)}


_KEYS: dict[str, frozenset[str]] = {
    "": frozenset(
        {
            "name",
            "title",
            "focal_country",
            "focal_province",
            "window",
            "partners",
            "documents",
            "kinds",
            "hong_kong_as_cn",
            "source",
            "growth",
            "stages",
            "expected",
            "synthetic",
        }
    ),
    "window": frozenset({"start", "end"}),
    "source": frozenset({"kind", "path", "country_totals"}),
    "growth": frozenset({"years", "zero_year_rule"}),
    "stages": frozenset({"name", "from", "to"}),
}


class _StudyFile:
    """Reads one file; every complaint names the file and the line it is about."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            self.data = tomllib.loads(self.text)
        except UnicodeDecodeError as error:
            raise UserError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
        except tomllib.TOMLDecodeError as error:
            raise UserError(f"{path}: not valid TOML: {error}.") from None

    def study(self) -> Study:
        self._refuse_unknown_keys()
        name = self._text("name")
        if not NAME_PATTERN.fullmatch(name):
            self._refuse(
                "name", f"name is {name!r}; use lower-case letters, digits, - and _ (it becomes a folder)"
            )
        window_start, window_end = self._window()
        documents = cast(Documents, self._choice("documents", ("publications", "grants"), "publications"))
        group, partners = self._partners()
        focal = self._country(self._text("focal_country"), "focal_country")
        last_year = window_end.year if window_end else date.today().year
        stages = self._stages(window_start.year, last_year)
        hong_kong_as_cn = self._flag("hong_kong_as_cn")
        at_home = countries_at_home(focal, hong_kong_as_cn)
        if all(partner.iso2 in at_home for partner in partners):
            self._refuse("partners", f"partners name no country but {focal} itself")
        return Study(
            name=name,
            title=self._text("title", default=name),
            focal_country=focal,
            focal_province=self._province(focal),
            window_start=window_start,
            window_end=window_end,
            partner_group=group,
            partners=tuple(partner for partner in partners if partner.iso2 not in at_home),
            documents=documents,
            kinds=self._kinds(documents),
            hong_kong_as_cn=hong_kong_as_cn,
            source=self._source(documents),
            growth_years=self._growth_years(window_start.year, last_year),
            zero_year_rule=self._zero_year_rule(),
            stages=stages,
            expected=self._expected(),
            synthetic=self._flag("synthetic"),
            path=self.path,
            digest=hashlib.sha256(repr((sorted(self.data.items()), partners)).encode()).hexdigest()[:16],
        )

    # -- the parts of a study -------------------------------------------------------------------------

    def _window(self) -> tuple[date, date | None]:
        window = self._table("window")
        start, end = window.get("start"), window.get("end")
        if start is None:
            self._refuse("window", "window needs a start, e.g. window = { start = 2001-01-01 }")
        for key, value in (("start", start), ("end", end)):
            if value is not None and (not isinstance(value, date) or type(value) is not date):
                self._refuse(key, f"window.{key} must be a date such as 2018-02-28, not {value!r}", "window")
        if start.year < FIRST_YEAR:
            self._refuse(
                "start",
                f"the window starts on {start}, before the first publication year {FIRST_YEAR}",
                "window",
            )
        if start > date.today():
            self._refuse("start", f"the window starts on {start}, in the future", "window")
        if end is not None and end < start:
            self._refuse(
                "end", f"the window is reversed: it ends on {end}, before it starts on {start}", "window"
            )
        return start, end

    def _partners(self) -> tuple[str, tuple[Partner, ...]]:
        value = self.data.get("partners")
        if isinstance(value, str):
            try:
                return value, read_partner_group(value)
            except UserError as error:
                self._refuse("partners", str(error).rstrip("."))
        if not isinstance(value, list) or not value or not all(isinstance(code, str) for code in value):
            self._refuse(
                "partners",
                'partners must be the name of a country group or a list of codes such as ["CN", "IN"]',
            )
        codes = [self._country(code, "partners") for code in value]
        if len(set(codes)) != len(codes):
            self._refuse("partners", "a partner country is named twice")
        names = country_names()
        return "list", tuple(Partner(code, names[code], "", True, "") for code in codes)

    def _kinds(self, documents: str) -> tuple[str, ...]:
        kinds = self.data.get("kinds", list(DEFAULT_KINDS[documents]))
        if (
            not isinstance(kinds, list)
            or not kinds
            or not all(re.fullmatch("[A-Z][0-9]?", str(kind)) for kind in kinds)
        ):
            self._refuse(
                "kinds", f"kinds must be a list of kind codes such as {list(DEFAULT_KINDS[documents])}"
            )
        return tuple(kinds)

    def _province(self, focal: str) -> str | None:
        value = self.data.get("focal_province")
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch(f"{focal}-[A-Z0-9]{{1,3}}", value):
            self._refuse(
                "focal_province",
                f"focal_province is {value!r}; give an ISO 3166-2 code of {focal} such as {focal}-JS",
            )
        if focal == "CN" and value not in (known := _chinese_provinces()):
            self._refuse(
                "focal_province", f"focal_province is {value!r}; China has {', '.join(sorted(known))}"
            )
        return value

    def _source(self, documents: Documents) -> Source:
        source = self._table("source")
        kind = self._choice("kind", ("weekly_xml", "patentsview_tables", "odp"), "weekly_xml", table="source")
        if documents == "grants" and kind != "weekly_xml":
            self._refuse(
                "kind",
                f"a study of grants reads weekly_xml; {kind} holds publications of applications",
                "source",
            )
        path = source.get("path")
        if path is not None and not isinstance(path, str):
            self._refuse("path", "source.path must be the path of a folder, in quotes", "source")
        totals = source.get("country_totals", True)
        if not isinstance(totals, bool):
            self._refuse("country_totals", "source.country_totals must be true or false", "source")
        return Source(cast(SourceKind, kind), self._resolve(path) if path else None, totals)

    def _resolve(self, path: str) -> Path:
        """A path of the study file: beside the file, else in the working directory, the checkout, the wheel."""
        given = Path(path).expanduser()
        roots = (self.path.parent, Path.cwd(), CHECKOUT, PACKAGE / "_resources")
        found = next((root / given for root in roots if (root / given).exists()), roots[0] / given)
        return found.resolve()

    def _growth_years(self, first: int, last: int) -> tuple[int, int]:
        years = self._table("growth").get("years", [first, last])
        if not isinstance(years, list) or len(years) != 2 or not all(isinstance(year, int) for year in years):
            self._refuse("years", "growth.years must be two years such as [2001, 2017]", "growth")
        if years[1] < years[0] or years[0] < first or years[1] > last:
            self._refuse(
                "years", f"growth.years {years} must rise and lie within {first} to {last}", "growth"
            )
        return years[0], years[1]

    def _zero_year_rule(self) -> ZeroYearRule:
        return cast(
            ZeroYearRule, self._choice("zero_year_rule", ("skip", "zero", "none"), "skip", table="growth")
        )

    def _stages(self, first: int, last: int) -> tuple[Stage, ...]:
        entries = self.data.get("stages", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._refuse("stages", "stages are written as [[stages]] tables with name, from and to")
        stages: list[Stage] = []
        for number, entry in enumerate(entries):
            missing = {"name", "from", "to"} - set(entry)
            if missing:
                self._refuse(
                    "stages", f"stage {number + 1} has no {' and no '.join(sorted(missing))}", nth=number
                )
            stage = Stage(str(entry["name"]), entry["from"], entry["to"])
            if (
                not isinstance(stage.from_year, int)
                or not isinstance(stage.to_year, int)
                or stage.to_year < stage.from_year
            ):
                self._refuse(
                    "to",
                    f"stage {stage.name!r} runs from {stage.from_year!r} to {stage.to_year!r}",
                    "stages",
                    number,
                )
            if stages and stage.from_year != stages[-1].to_year + 1:
                self._refuse(
                    "from",
                    f"stage {stage.name!r} must start in {stages[-1].to_year + 1}, the year after the stage before",
                    "stages",
                    number,
                )
            if stage.from_year < first or stage.to_year > last:
                self._refuse(
                    "to", f"stage {stage.name!r} leaves the window, {first} to {last}", "stages", number
                )
            stages.append(stage)
        return tuple(stages)

    def _expected(self) -> Path | None:
        value = self.data.get("expected")
        if value is None:
            return None
        path = self.path.parent / str(value)
        if not path.is_file():
            self._refuse("expected", f"there is no file {path}")
        return path

    # -- values ---------------------------------------------------------------------------------------

    def _text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if not isinstance(value, str) or not value.strip():
            self._refuse(key, f"{key} must be given, as a text in quotes")
        return value.strip()

    def _flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self._refuse(key, f"{key} must be true or false")
        return value

    def _choice(self, key: str, allowed: tuple[str, ...], default: str, table: str = "") -> str:
        value = (self._table(table) if table else self.data).get(key, default)
        if value not in allowed:
            self._refuse(key, f"{key} is {value!r}; it must be one of {', '.join(allowed)}", table)
        return str(value)

    def _country(self, code: str, key: str) -> str:
        if code not in country_names():
            self._refuse(key, f"{code!r} is no country code; give two capital letters such as SG")
        return code

    def _table(self, key: str) -> dict[str, Any]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self._refuse(key, f"{key} must be a table")
        return value

    def _refuse_unknown_keys(self) -> None:
        tables: list[tuple[str, Mapping[str, Any], int]] = [("", self.data, 0)]
        for table in ("window", "source", "growth"):
            tables.append((table, self._table(table), 0))
        for number, stage in enumerate(self.data.get("stages", [])):
            if isinstance(stage, dict):
                tables.append(("stages", stage, number))
        for table, values, number in tables:
            for key in values:
                if key not in _KEYS[table]:
                    where = f"[{table}]" if table else "the study"
                    self._refuse(
                        key,
                        f"unknown key {key!r} in {where}; known: {', '.join(sorted(_KEYS[table]))}",
                        table,
                        number,
                    )

    def _refuse(self, key: str, why: str, table: str = "", nth: int = 0) -> NoReturn:
        raise UserError(f"{self.path}, line {self._line(key, table, nth)}: {why}.")

    def _line(self, key: str, table: str, nth: int) -> int:
        """Line of a key in a table (the nth of its name), or of the inline table or header it stands in."""
        seen, current, header = -1, "", 1
        for number, line in enumerate(self.text.splitlines(), start=1):
            heading = re.match(r"\s*\[+\s*([A-Za-z0-9_.-]+)\s*\]+", line)
            if heading:
                current = heading[1]
                seen += current in (table, key)
                if current in (table, key) and seen == nth:
                    header = number
            in_table = current == table and (seen == nth or not table)
            inline = bool(table) and re.match(rf"\s*{re.escape(table)}\s*=", line)
            if in_table and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return number
            if inline and re.search(rf"\b{re.escape(key)}\s*=", line):
                return number
        return header
