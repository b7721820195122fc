"""The committed gazetteer in memory: what each spelling may mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bri_pipeline.csv_rows import csv_rows, utf8_text
from bri_pipeline.cycles import without_search_for_cycles
from bri_pipeline.errors import UserError
from bri_pipeline.places.characters import simplified, traditional
from bri_pipeline.places.rates import Rates
from bri_pipeline.places.text import CJK, key, plain

# A town this large is named without its county and is listed with the divisions.
_LARGE_TOWN = 100_000
_GAZETTEER_FIELDS = 9
_TOWNSHIP_FIELDS = 4
_CODE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
# Province and city in one.
MUNICIPALITIES = frozenset({"CN-BJ", "CN-TJ", "CN-SH", "CN-CQ"})


class Place(NamedTuple):
    """A division, town or curated name; ``weight`` is about its population.

    ``inventors`` is how many patent applications might come from it (``rates``): how likely it is what somebody
    meant by a name that is not its own.
    """

    kind: str
    name: str
    province: str
    city: str | None
    weight: int
    name_zh: str
    inventors: float = 0.0


class Tie(NamedTuple):
    """A reviewed verdict on a name of several provinces, the likeliest first."""

    provinces: tuple[str, ...]
    dominant: bool
    note: str


class Override(NamedTuple):
    """A person's decision about one (city, region) string."""

    province: str | None
    city: str | None
    note: str


class Province(NamedTuple):
    """A province-level division."""

    iso: str
    name: str
    name_zh: str
    post_codes: tuple[str, ...]
    spellings: tuple[str, ...]


Names = Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True)
class Gazetteer:
    """Spelling → places, by how far the spelling can be trusted."""

    provinces: Mapping[str, Province]
    rates: Rates
    province_keys: Mapping[str, str]
    divisions: Names
    spellings: Names
    towns: Names
    curated: Names
    chinese: Names
    chinese_stems: Names
    ties: Mapping[tuple[str, str], Tie]
    overrides: Mapping[tuple[str, str], Override]
    foreign: frozenset[str]
    # Every spelling above, to turn most spans of words away at once.
    known: frozenset[str]

    @classmethod
    @without_search_for_cycles()
    def load(cls, reference_dir: Path) -> Gazetteer:
        """Read the files in ``data/reference``.

        Raises:
            UserError: a file is missing or a row of it cannot be used; names file and line.
        """
        provinces = {row.iso: row for row in _provinces(reference_dir / "cn_provinces.csv")}
        rates = Rates.load(reference_dir / "place_applications.csv")
        divisions, spellings, towns, chinese = _places(reference_dir / "gazetteer_cn.tsv", rates)
        _add_townships(reference_dir / "gazetteer_cn_townships.tsv", rates, towns)
        for one in provinces.values():
            chinese.update(_province_names(one, rates))
        curated = _curated(reference_dir / "place_names.csv", provinces, chinese, rates)
        province_keys = {name: one.iso for one in provinces.values() for name in one.spellings}
        return cls(
            provinces=provinces,
            rates=rates,
            province_keys=province_keys,
            divisions=_frozen(divisions),
            spellings=_frozen(spellings),
            towns=_frozen(towns),
            curated=_frozen(curated),
            chinese=_frozen(_as_looked_up(chinese)),
            chinese_stems=_frozen(_as_looked_up(_stems(chinese))),
            ties=_ties(reference_dir / "place_ties.csv", provinces),
            overrides=_overrides(
                reference_dir / "place_overrides.csv", provinces, (divisions, spellings, towns, curated)
            ),
            foreign=frozenset(utf8_text(reference_dir / "foreign_cities.txt").split()),
            known=frozenset({*province_keys, *divisions, *spellings, *towns, *curated}),
        )

    @classmethod
    def overrides_only(cls, reference_dir: Path, codes: Mapping[str, str]) -> Gazetteer:
        """No names at all, only what people decided; their provinces must be among China's or ``codes``.

        Raises:
            UserError: the file of overrides is missing or has a row that cannot be used.
        """
        overrides = _overrides(reference_dir / "place_overrides.csv", codes)
        return cls(
            {},
            Rates({}, {}, {}, frozenset()),
            {},
            {},
            {},
            {},
            {},
            {},
            {},
            {},
            overrides,
            frozenset(),
            frozenset(),
        )


def _frozen(names: Mapping[str, list[Place]]) -> Names:
    return {name: tuple(places) for name, places in names.items()}


def _provinces(path: Path) -> Iterator[Province]:
    for _, row in csv_rows(path, ("iso", "name", "name_zh", "post_codes", "spellings")):
        spellings = tuple(row["spellings"].split("|"))
        yield Province(row["iso"], row["name"], row["name_zh"], tuple(row["post_codes"].split()), spellings)


def _places(path: Path, rates: Rates) -> tuple[dict[str, list[Place]], ...]:
    divisions: dict[str, list[Place]] = defaultdict(list)
    spellings: dict[str, list[Place]] = defaultdict(list)
    towns: dict[str, list[Place]] = defaultdict(list)
    chinese: dict[str, list[Place]] = defaultdict(list)
    lines = utf8_text(path).splitlines()
    for number, line in enumerate(lines[1:], start=2):
        fields = line.split("\t")
        if len(fields) != _GAZETTEER_FIELDS or not fields[6].isdigit():
            raise UserError(
                f"{path.name}, line {number}: damaged; build it again (data/reference/README.md)."
            )
        kind, _, name_zh, name, province, city, population, keys, alternates = fields
        inventors = rates.applications(province, city, int(population), kind)
        place = Place(kind, name, province, city or None, int(population), name_zh, inventors)
        listed = divisions if kind != "town" or place.weight >= _LARGE_TOWN else towns
        for spelling in keys.split():
            listed[spelling].append(place)
        for spelling in alternates.split():
            spellings[spelling].append(place)
        if name_zh:
            chinese[name_zh].append(place)
    return divisions, spellings, towns, chinese


def _add_townships(path: Path, rates: Rates, towns: dict[str, list[Place]]) -> None:
    """Add the townships that the towns of the larger list lack."""
    for number, line in enumerate(utf8_text(path).splitlines()[1:], start=2):
        fields = line.split("\t")
        if len(fields) != _TOWNSHIP_FIELDS:
            raise UserError(
                f"{path.name}, line {number}: damaged; build it again (data/reference/README.md)."
            )
        spelling, name, province, city = fields
        if all(place.province != province for place in towns.get(spelling, ())):
            inventors = rates.applications(province, city, 0, "town")
            towns[spelling].append(Place("town", name, province, city or None, 0, "", inventors))


def _as_looked_up(chinese: Mapping[str, list[Place]]) -> dict[str, list[Place]]:
    """Chinese names by the form that a traditional or simplified spelling is turned into.

    Some simplified names change when they are simplified again (乾县 becomes 干县), and some traditional ones come
    back in another form (浚县 is written 濬縣); both forms lead to the place.
    """
    names = list(chinese)
    joined = "\n".join(names)
    again, back = simplified(joined).split("\n"), simplified(traditional(joined)).split("\n")
    forms: dict[str, list[Place]] = defaultdict(list)
    for name, *others in zip(names, again, back, strict=True):
        for form in dict.fromkeys((name, *others)):
            forms[form] += [place for place in chinese[name] if place not in forms[form]]
    return forms


_CHINESE_KIND = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|省|市|盟|区|县|旗|镇|乡)$")


# Autonomous divisions carry the names of their peoples: 延边朝鲜族自治州.
_NATIONS = re.compile(
    r"(?<=..)(?:各族|蒙古族?|藏族|回族|彝族|傣族|壮族|苗族|侗族|白族|羌族|土族|瑶族|黎族|畲族|满族|水族|土家族|朝鲜族|布依族|"
    r"哈尼族|景颇族|傈僳族|哈萨克族?|柯尔克孜族?|拉祜族|佤族|纳西族|独龙族|怒族|普米族|布朗族|仡佬族|仫佬族|毛南族|"
    r"达斡尔族|锡伯|塔吉克|裕固族|保安族|东乡族|撒拉族)+$"
)


def province_place(province: Province, rates: Rates) -> Place:
    """A province as what a name may mean; a municipality is also its own city."""
    city = province.name if province.iso in MUNICIPALITIES else None
    inventors = rates.province(province.iso)
    return Place("province", province.name, province.iso, city, 50_000_000, province.name_zh, inventors)


def _province_names(province: Province, rates: Rates) -> dict[str, list[Place]]:
    place = province_place(province, rates)
    city = place.city
    kinds = ("市",) if city else ("省", "自治区", "特别行政区")
    names = [province.name_zh, *(province.name_zh + kind for kind in kinds)]
    return {name: [place] for name in names}


def _stems(chinese: Mapping[str, list[Place]]) -> dict[str, list[Place]]:
    """南京市 is also found as 南京; towns only where no division bears the name."""
    stems: dict[str, list[Place]] = defaultdict(list)
    for name, places in chinese.items():
        stem = (
            _NATIONS.sub("", _CHINESE_KIND.sub("", name)) if "自治" in name else _CHINESE_KIND.sub("", name)
        )
        if len(stem) >= 2 and stem != name:
            stems[stem] += places
    for stem, places in stems.items():
        divisions = [place for place in places if place.kind != "town"]
        stems[stem] = divisions or places
    return stems


def _curated(
    path: Path, provinces: Mapping[str, Province], chinese: dict[str, list[Place]], rates: Rates
) -> dict[str, list[Place]]:
    curated: dict[str, list[Place]] = defaultdict(list)
    for line, row in csv_rows(path, ("spelling", "province", "city", "kind", "note")):
        places = []
        for iso in _isos(row["province"], provinces, path, line):
            inventors = rates.applications(iso, row["city"], 1_000_000, row["kind"])
            city = row["city"] or None
            places.append(Place(row["kind"], row["spelling"], iso, city, 1_000_000, "", inventors))
        if CJK.search(row["spelling"]):
            chinese[row["spelling"]] = places
        else:
            curated[key(plain(row["spelling"]))] = places
    return curated


def _isos(text: str, provinces: Mapping[str, Province], path: Path, line: int) -> tuple[str, ...]:
    isos = tuple(text.split("|"))
    unknown = [iso for iso in isos if iso not in provinces]
    if unknown:
        raise UserError(f"{path.name}, line {line}: {unknown[0]!r} is no province; write it like CN-JS.")
    return isos


def _ties(path: Path, provinces: Mapping[str, Province]) -> dict[tuple[str, str], Tie]:
    ties = {}
    for line, row in csv_rows(path, ("spelling", "suffix", "provinces", "verdict", "note")):
        if row["verdict"] not in ("tie", "dominant"):
            raise UserError(f"{path.name}, line {line}: the verdict must be 'tie' or 'dominant'; correct it.")
        isos = _isos(row["provinces"], provinces, path, line)
        ties[key(row["spelling"]), row["suffix"]] = Tie(isos, row["verdict"] == "dominant", row["note"])
    return ties


def _overrides(
    path: Path, provinces: Mapping[str, object], names: Sequence[Mapping[str, Sequence[Place]]] = ()
) -> dict[tuple[str, str], Override]:
    overrides: dict[tuple[str, str], Override] = {}
    lines: dict[tuple[str, str], int] = {}
    for line, row in csv_rows(path, ("city_raw", "region_raw", "province", "city", "reviewer", "note")):
        iso = row["province"] or None
        if iso is not None and iso not in provinces:
            # A decision about another country's address is somebody else's; its code must look like one.
            if not _CODE.fullmatch(iso) or iso[:2] in {code[:2] for code in provinces}:
                raise UserError(f"{path.name}, line {line}: {iso!r} is no province; write it like CN-JS.")
            continue
        if not row["city_raw"] and not row["region_raw"]:
            raise UserError(
                f"{path.name}, line {line}: city_raw and region_raw are empty; write the string it is about."
            )
        homes = _provinces_of(row["city"], names)
        if iso is not None and homes and iso not in homes:
            raise UserError(
                f"{path.name}, line {line}: {row['city']} is in {' or '.join(sorted(homes))}, not in {iso}; "
                "correct the province or the city."
            )
        note = f"{row['note']} ({row['reviewer']})" if row["reviewer"] else row["note"]
        decided, asked = (
            Override(iso, row["city"] or None, note),
            override_key(row["city_raw"], row["region_raw"]),
        )
        before = overrides.get(asked)
        if before is not None and before[:2] != decided[:2]:
            raise UserError(
                f"{path.name}, lines {lines[asked]} and {line}: {row['city_raw']!r} is decided twice, as "
                f"{_said(before)} and as {_said(decided)}; keep one of the lines."
            )
        overrides[asked], lines[asked] = decided, line
    return overrides


def _provinces_of(city: str, names: Sequence[Mapping[str, Sequence[Place]]]) -> set[str]:
    """The provinces that have a place of the name, if it is a prefecture's; else none, for nothing can be said."""
    places = [place for known in names for place in known.get(key(city), ())]
    is_large = any(place.kind == "prefecture" for place in places)
    return {place.province for place in places} if is_large else set()


def _said(decided: Override) -> str:
    return ", ".join(part for part in (decided.province or "no place", decided.city) if part)


def override_key(city_raw: str | None, region_raw: str | None) -> tuple[str, str]:
    """How overrides are looked up: blanks collapsed, case ignored."""
    return plain(city_raw or "").casefold(), plain(region_raw or "").casefold()
