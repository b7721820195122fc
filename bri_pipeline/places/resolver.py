"""City and region string → province, city, and the reasons.

``docs/places.md`` gives the order of the rules; each is recorded as the method of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from bri_pipeline.places.gazetteer import Gazetteer, override_key
from bri_pipeline.places.hong_kong import is_slip_of_hong_kong, names_hong_kong, says_hong_kong
from bri_pipeline.places.mentions import Mention, Reading, read_chinese, read_latin
from bri_pipeline.places.pinyin import is_pinyin, is_syllable
from bri_pipeline.places.regions import Regions, load_regions
from bri_pipeline.places.slips import Meant, Slips
from bri_pipeline.places.taiwan import (
    expected_in_taiwan,
    is_cut_off_behind_town,
    is_cut_off_county,
    is_division_of_taiwan,
    is_town_of_taiwan,
    is_wade_giles,
    resembles_taiwan,
    says_taiwan,
)
from bri_pipeline.places.text import CJK, key, plain
from bri_pipeline.places.verdict import Resolution, ambiguous, judge, resolved, unresolved
from bri_pipeline.places.vocabulary import COUNTRY, NO_PLACE, SUFFIXES

__all__ = ["Resolution", "Resolver", "load_resolvers", "resolve_frame"]

CHINA = "CN"

RESOLUTION_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "province": pl.String,
    "city": pl.String,
    "method": pl.String,
    "confidence": pl.Float64,
    "candidates": pl.List(pl.String),
    "candidate_cities": pl.List(pl.String),
    "note": pl.String,
}
_ISO_CODE = re.compile(r"\bCN-([A-Z]{2})\b")
_TRAILING_CODE = re.compile(
    r"[a-z\d)][\s,(]+([A-Z]{2})\)?(?:[\s,]+\d{6})?(?:[\s,]+(?:CN|China|P\.?R\.? ?China))?\W*$"
)
_SAID_PROVINCE = re.compile(
    r"(?P<name>[A-Za-z']+(?:[ -][A-Za-z']+){0,2}) (?P<kind>prov(?:ince|nice|ice|icne)?\b)", re.IGNORECASE
)
# Of the people of a county, few write it as GeoNames or Wade and Giles do.
_WRITES_ANOTHER_SPELLING = 0.005


@dataclass
class Resolver:
    """Answers for one focal country; equal strings are worked out once."""

    gazetteer: Gazetteer
    focal_country: str
    slips: Slips
    district_slips: Slips
    regions: Regions | None = None
    _known: dict[tuple[str | None, str | None], Resolution] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, reference_dir: Path, focal_country: str = "CN") -> Resolver:
        """Read the gazetteer of ``data/reference``: of China, or the divisions and cities of another country.

        Raises:
            UserError: a reference file is missing or has a row that cannot be used.
        """
        if focal_country == CHINA:
            gazetteer = Gazetteer.load(reference_dir)
            return cls(gazetteer, focal_country, Slips.of(gazetteer), Slips.of_districts(gazetteer))
        regions = Regions.load(reference_dir, focal_country)
        return cls.of_regions(Gazetteer.overrides_only(reference_dir, regions.names), regions)

    @classmethod
    def of_regions(cls, gazetteer: Gazetteer, regions: Regions) -> Resolver:
        """For another country than China, of whose gazetteer only the overrides are used."""
        nothing = Slips({}, {}, {}, ())
        return cls(gazetteer, regions.country, nothing, nothing, regions)

    @property
    def province_names(self) -> Mapping[str, str]:
        """Code → English name of the country's divisions."""
        if self.regions is not None:
            return self.regions.names
        return {iso: province.name for iso, province in self.gazetteer.provinces.items()}

    def resolve(self, city_raw: str | None, region_raw: str | None = None) -> Resolution:
        """The province of an inventor's or applicant's city and region field."""
        asked = (city_raw, region_raw)
        answer = self._known.get(asked)
        if answer is None:
            answer = self._known[asked] = self._work_out(city_raw, region_raw)
        return answer

    def _work_out(self, city_raw: str | None, region_raw: str | None) -> Resolution:
        override = self._override(city_raw, region_raw)
        if override is not None:
            return override
        if self.regions is not None:
            return self.regions.resolve(city_raw, region_raw)
        return self._chinese(plain(city_raw or ""), plain(region_raw or ""))

    def _override(self, city_raw: str | None, region_raw: str | None) -> Resolution | None:
        """What people decided: for the pair, else for the city whatever the region."""
        known = self.gazetteer.overrides
        if not known:
            return None
        decided = known.get(override_key(city_raw, region_raw)) or known.get(override_key(city_raw, None))
        if decided is None:
            return None
        if decided.province is None:
            return Resolution(None, None, "override", 0.0, (), decided.note)
        return resolved(decided.province, decided.city, "override", 1.0, decided.note)

    def _chinese(self, city: str, region: str) -> Resolution:
        if says_hong_kong(region) or says_hong_kong(city):
            return self._mainland_misspelt(city) or _special("CN-HK")
        stated = self._stated(region)
        if stated and stated[0] in ("CN-TW", "CN-MO"):
            return _special(stated[0])
        if not stated and _PORTUGUESE_STREET.search(city):
            return _special("CN-MO")
        reading = self._read(city)
        special = _special_region(reading) or self._taiwan(city, region, reading, stated)
        if special is not None:
            return special
        coded = self._coded(city, reading)
        if not reading.mentions and not stated and not coded:
            return self._doubt_taiwan(self._unnamed(reading), city, reading)
        if not reading.mentions and not coded:
            return self._from_region(region, stated)
        field = "region field" if stated else "province in string"
        answer = judge(self.gazetteer, reading, stated or coded, field)
        if answer is None:
            return unresolved("no place is named")
        if answer.method == "province" and names_hong_kong(city):
            return ambiguous(
                (*answer.candidates, "CN-HK"), "Hong Kong and a province of the mainland are named"
            )
        return self._doubt_taiwan(self._doubt(self._shaanxi(answer, reading), reading), city, reading)

    def _mainland_misspelt(self, city: str) -> Resolution | None:
        """A word that is a slip in a name of Hong Kong, and surely one in a mainland city's: ``Keijing``."""
        name = key(city)
        if not is_slip_of_hong_kong(city):
            return None
        meant = self.slips.meant(name)
        return _taken_for(meant) if meant is not None and meant.is_sure else None

    def _doubt_taiwan(self, answer: Resolution, city: str, reading: Reading) -> Resolution:
        """Ambiguous where only a village, old spelling or slip names the mainland and the string resembles Taiwan.

        An old spelling of a small place does: few on the mainland write ``Chiao Shi`` for Jiaoxi.
        """
        if answer.method not in _WEAK or answer.province in (None, "CN-TW"):
            return answer
        if not resembles_taiwan(city) and not (answer.method == "spelling" and _is_old_and_small(reading)):
            return answer
        return ambiguous((*answer.candidates, "CN-TW"), "looks like an address of Taiwan")

    def _taiwan(self, city: str, region: str, reading: Reading, stated: tuple[str, ...]) -> Resolution | None:
        """Taiwan by its own spellings, unless the mainland is named as well; ambiguous where both have the name."""
        if stated or (any(map(_is_surely_mainland, reading.mentions)) and not is_cut_off_county(city)):
            return None
        if is_division_of_taiwan(city) and not any(map(_may_be_a_city, reading.mentions)):
            # The mainland has no city or district of the name: a village or county at most.
            isos = {iso for one in reading.mentions if one.tier not in _MINOR for iso in one.provinces}
            if isos:
                return ambiguous(("CN-TW", *sorted(isos)), "called a city or district as one of Taiwan is")
            return self._taiwan_or_slip(reading, _special("CN-TW")._replace(confidence=0.85))
        is_pinyin_only = not reading.unread and all(map(_is_in_pinyin, reading.mentions))
        if is_pinyin_only and "hs" not in city.lower() and not is_cut_off_behind_town(city):
            return None
        near_xian = any(one.key != "hsian" and _is_in_shaanxi(one) for one in reading.mentions)
        # The mainland's as a whole, in an old spelling: Tung-hsiang (Tongxiang), Tantung (Dandong).
        is_whole = any(one.key == reading.key for one in reading.mentions)
        if not is_whole and (says_taiwan(city, near_xian=near_xian) or says_taiwan(region)):
            return self._taiwan_or_slip(reading, _special("CN-TW"))
        is_known = any(one.tier not in _MINOR for one in reading.mentions)
        is_town = is_town_of_taiwan(city)
        if is_known or not (is_town or (reading.mentions and not is_whole and is_wade_giles(city))):
            return None
        namesakes = sorted({iso for one in reading.mentions for iso in one.provinces})
        if not namesakes:
            return self._taiwan_or_slip(reading, _special("CN-TW")._replace(confidence=0.9))
        return ambiguous(("CN-TW", *namesakes), "spelled as a town of Taiwan is")

    def _taiwan_or_slip(self, reading: Reading, taiwan: Resolution) -> Resolution:
        """Taiwan, unless the whole address is one slip from a mainland city that more write from: ``Kuanshan``."""
        meant = self.slips.meant(reading.key, expected_in_taiwan(reading.key))
        if meant is None or meant.place.province == "CN-TW" or meant.chance < _SMALL_ODDS:
            return taiwan
        if meant.is_sure:
            return _taken_for(meant)
        return ambiguous(("CN-TW", *meant.provinces), "a place of Taiwan, or a slip in a city's name")

    def _shaanxi(self, answer: Resolution, reading: Reading) -> Resolution:
        """Shanxi beside a misspelt city of Shaanxi: ``Xan, Shanxi``."""
        if set(answer.candidates) != {"CN-SX", "CN-SN"} or not reading.unread:
            return answer
        city = self.slips.within("".join(reading.unread), frozenset(answer.candidates))
        if city is None:
            return answer
        return resolved(city.province, city.city, "province in string", 0.85, f"taken for {city.name}")

    def _read(self, text: str) -> Reading:
        reader = read_chinese if CJK.search(text) else read_latin
        reading = reader(self.gazetteer, self._with_province_corrected(text))
        if not any(one.places[0].province == "CN-HK" for one in reading.mentions):
            return reading
        # says_hong_kong has decided: what is left of Hong Kong here is a street or a building.
        mentions = tuple(one for one in reading.mentions if one.places[0].province != "CN-HK")
        return reading._replace(mentions=mentions)

    def _with_province_corrected(self, text: str) -> str:
        """``Wenzhou Zhenjiang Province`` names a province: that of the nearest spelling, Zhejiang."""
        if "prov" not in text.lower():
            return text
        said = _SAID_PROVINCE.search(text)
        if said is None:
            return text
        words = said["name"].split()
        for start in range(len(words)):
            if key("".join(words[start:])) in self.gazetteer.province_keys:
                return text
        for start in reversed(range(len(words))):
            spelling = self.slips.province(key("".join(words[start:])))
            if spelling is not None:
                at = said.start("name") + said["name"].rindex(words[start])
                return f"{text[:at]}, {spelling} {text[said.start('kind') :]}"
        return text

    def _coded(self, city: str, reading: Reading) -> tuple[str, ...]:
        """The province of ``Nanjing, CN-JS`` or, where the name may be there, of ``Taizhou ZJ``."""
        if city.istitle():  # most strings; in them no two capitals are adjacent
            return ()
        code = _ISO_CODE.search(city)
        if code is not None and f"CN-{code[1]}" in self.gazetteer.provinces:
            return (f"CN-{code[1]}",)
        short = _TRAILING_CODE.search(city)
        iso = f"CN-{short[1]}" if short is not None else ""
        return (iso,) if any(iso in one.provinces for one in reading.mentions) else ()

    def _from_region(self, region: str, stated: tuple[str, ...]) -> Resolution:
        """Nothing in the city field: the region field alone, a city in it included."""
        answer = judge(self.gazetteer, self._read(region), stated, "region field")
        if answer is None or answer.province is None:
            answer = judge(self.gazetteer, self._read(""), stated, "region field")
        assert answer is not None, "a stated province is always an answer"
        return answer._replace(method="region field") if answer.province is not None else answer

    def _stated(self, region: str) -> tuple[str, ...]:
        """Provinces named in the region field: in full, or as a code such as JS or CN-32."""
        if not region:
            return ()
        code = region.upper().replace(".", "").removeprefix("CN-").removeprefix("CN")
        if f"CN-{code}" in self.gazetteer.provinces:
            return (f"CN-{code}",)
        found = [one for one in self._read(region).mentions if not one.institution]
        said = [one.places[0].province for one in found if one.tier == "province"]
        if said:
            return tuple(dict.fromkeys(said))
        answer = judge(self.gazetteer, self._read(region), (), "region field") if found else None
        return (answer.province,) if answer is not None and answer.province is not None else ()

    def _doubt(self, answer: Resolution, reading: Reading) -> Resolution:
        """Second thoughts: misspelt parents, foreign namesakes, villages that look like a slip."""
        is_small = _is_weak(answer, reading)
        if (answer.method == "ambiguous" or is_small) and reading.unread:
            parent = self._misspelt("".join(reading.unread))
            if parent is not None and parent.province in answer.candidates:
                return parent
        weighed = self._rather_a_slip(answer, reading)
        if weighed.method != answer.method:
            return weighed
        answer = weighed
        if is_small:
            return unresolved(f"only {reading.mentions[0].text!r} is known, a small place")
        tiers = {one.tier for one in reading.mentions}
        if tiers & {"province", "division", "curated"} or not tiers:
            return answer
        if any(segment in self.gazetteer.foreign for segment in reading.whole_segments):
            return unresolved("also a foreign city")
        return answer

    def _rather_a_slip(self, answer: Resolution, reading: Reading) -> Resolution:
        """A small place or an odd spelling that is one slip from a city's name: the city, where it is far likelier.

        Where a slip is unlikely, its chance lowers the confidence.
        """
        if answer.method not in _WEIGHED_AGAINST_SLIPS or any(one.suffix for one in reading.mentions):
            return answer
        exact = sum(_expected(one) for one in reading.mentions)
        meant = self.slips.meant(reading.key, exact)
        if meant is None or meant.place.province == answer.province:
            return answer
        if meant.is_sure:
            return _taken_for(meant)
        if meant.chance < _SMALL_ODDS:
            left = round(answer.confidence * (1 - meant.chance), 2)
            if meant.place.inventors <= exact:
                return answer._replace(confidence=left)
            note = answer.note or f"one slip from {meant.place.name}, which is larger"
            return answer._replace(confidence=min(left, _BESIDE_A_LARGER), note=note)
        return ambiguous((*meant.provinces, *answer.candidates), "a small place, or a slip in a city's name")

    def _unnamed(self, reading: Reading) -> Resolution:
        words = [word for word in reading.unread if word not in COUNTRY]
        name = "".join(words)
        if not reading.key or not name or name in NO_PLACE or reading.key in NO_PLACE:
            return unresolved("empty, or no more than the country")
        if name in self.gazetteer.foreign or any(
            segment in self.gazetteer.foreign for segment in reading.whole_segments
        ):
            return unresolved("a foreign city")
        return self._misspelt(name) or self._misspelt_word(words) or unresolved("no known place")

    def _misspelt_word(self, words: list[str]) -> Resolution | None:
        """One misspelt word among others that name nothing: ``Foo Building, Nanjng``."""
        if len(words) < 2 or any(word in self.gazetteer.foreign for word in words):
            return None
        answers = [self._misspelt(word) for word in words if not is_pinyin(word)]
        found = [answer for answer in answers if answer is not None and answer.province is not None]
        return found[0] if len({answer.province for answer in found}) == 1 else None

    def _misspelt(self, name: str) -> Resolution | None:
        bare = _bare(name)
        district = self.district_slips.meant(bare) if name.endswith("district") else None
        if district is not None and district.is_sure:
            return _taken_for(district)
        meant = self.slips.meant(name) or (self.slips.meant(bare) if bare != name else None)
        if meant is None:
            return None
        if meant.is_sure:
            return _taken_for(meant)
        if meant.is_one_name and len(meant.provinces) > 1:
            return self._misspelt_namesakes(meant)
        return (
            ambiguous(meant.provinces, "may be a slip for several names")
            if len(meant.provinces) > 1
            else None
        )

    def _misspelt_namesakes(self, meant: Meant) -> Resolution:
        """A slip in a name that several provinces have: what the name itself would be."""
        answer = self.resolve(meant.name)
        if answer.province is None:
            return answer
        note = f"taken for {meant.place.name}"
        return resolved(answer.province, answer.city, "fuzzy", 0.7, note, answer.candidates)


# Methods of answers that a namesake in Taiwan puts in doubt.
_WEAK = frozenset({"spelling", "town", "fuzzy"})
# A slip less likely than this does not make the place that is spelled exactly ambiguous.
_SMALL_ODDS = 0.15
# Most confidence in a name that is one slip from a larger city's: how often it is a slip differs from list to list.
_BESIDE_A_LARGER = 0.89
_WEIGHED_AGAINST_SLIPS = frozenset({"exact", "curated", "spelling", "town", "ambiguous"})


def _is_weak(answer: Resolution, reading: Reading) -> bool:
    """Whether all that is known is one small division's bare name among other words: chance, more often than not."""
    if answer.method not in ("exact", "spelling", "town") or not reading.unread or len(reading.mentions) > 1:
        return False
    [mention] = reading.mentions
    # Among other words "yuan" is a syllable of a name and not the district Yu'an.
    if is_syllable(mention.key) and mention.key != "xian" and not mention.suffix:
        return True
    small = all(place.kind in ("district", "county", "town") for place in mention.places)
    return small and not mention.suffix and sum(place.inventors for place in mention.places) < _FEW_INVENTORS


# A district or county that fewer write from is hardly meant when its name is among other words.
_FEW_INVENTORS = 1000.0


def _expected(mention: Mention) -> float:
    """Addresses expected from the places a name spells exactly."""
    factor = _WRITES_ANOTHER_SPELLING if mention.tier == "spelling" else 1.0
    return sum(place.inventors for place in mention.places) * factor


def _taken_for(meant: Meant) -> Resolution:
    place, note = meant.place, f"taken for {meant.place.name}"
    return resolved(place.province, place.city, "fuzzy", round(0.95 * meant.chance, 2), note, meant.provinces)


_LONG_SUFFIXES = tuple(sorted((word for word in SUFFIXES if len(word) >= 4), key=len, reverse=True))


def _bare(name: str) -> str:
    if not name.endswith(_LONG_SUFFIXES):
        return name
    suffix = next(word for word in _LONG_SUFFIXES if name.endswith(word))
    return name.removesuffix(suffix) if len(name) - len(suffix) >= 5 else name


# Patent applications of a place that is hardly named by chance.
_LARGE = 2_000.0


def _is_surely_mainland(mention: Mention) -> bool:
    """A province or large city; not ``Hsian``, which a township is called as well."""
    if mention.institution or mention.key == "hsian" or mention.places[0].province == "CN-TW":
        return False
    if mention.tier == "province":
        return True
    large = any(place.kind == "prefecture" and place.inventors >= _LARGE for place in mention.places)
    return large and mention.tier in ("division", "curated")


def _is_old_and_small(reading: Reading) -> bool:
    """Whether all that is named is a place that few write from, in a spelling that is no Pinyin."""
    return all(
        max(place.inventors for place in one.places) < _LARGE and not all(map(is_pinyin, one.text.split()))
        for one in reading.mentions
    )


def _is_in_shaanxi(mention: Mention) -> bool:
    return any(place.province == "CN-SN" and place.kind != "town" for place in mention.places)


# Tiers of names that are chance more often than those of divisions.
_MINOR = frozenset({"spelling", "town"})


def _may_be_a_city(mention: Mention) -> bool:
    """Whether the word for the kind behind a name fits a place of it, or the place has become a city since."""
    return bool(mention.suffix) or any(place.kind in ("prefecture", "city") for place in mention.places)


def _is_in_pinyin(mention: Mention) -> bool:
    return mention.tier not in _MINOR and mention.places[0].province != "CN-TW"


# Only Macau has them, many named after mainland cities (Rua de Cantão, Avenida Xian Xing Hai).
_PORTUGUESE_STREET = re.compile(
    r"\b(?:rua|avenida|travessa|estrada|cal[cç]ada|pra[cç]a|alameda)\s+\w", re.IGNORECASE
)
_SPECIAL = {"CN-HK": "hong kong", "CN-MO": "macau", "CN-TW": "taiwan"}


def _special(iso: str, others: tuple[str, ...] = ()) -> Resolution:
    return resolved(iso, None, _SPECIAL[iso], 0.98, "printed under CN, not a mainland province", others)


def _special_region(reading: Reading) -> Resolution | None:
    """Macau and Taiwan, unless a mainland place is named beside them."""
    special = [
        one
        for one in reading.mentions
        if one.places[0].province in ("CN-MO", "CN-TW") and not one.institution
    ]
    rest = [one for one in reading.mentions if one not in special and not one.institution]
    if not special or rest:
        return None
    isos = tuple(dict.fromkeys(place.province for place in special[0].places))
    return _special(isos[0], isos)


def load_resolvers(reference_dir: Path, countries: Collection[str]) -> dict[str, Resolver]:
    """The resolvers of some countries, the files of the world read once.

    Raises:
        UserError: a reference file is missing or has a row that cannot be used.
    """
    abroad = [country for country in countries if country != CHINA]
    resolvers = {
        country: Resolver.of_regions(Gazetteer.overrides_only(reference_dir, regions.names), regions)
        for country, regions in load_regions(reference_dir, abroad).items()
    }
    if CHINA in countries:
        resolvers[CHINA] = Resolver.load(reference_dir, CHINA)
    return resolvers


def resolve_frame(resolver: Resolver, strings: pl.DataFrame) -> pl.DataFrame:
    """Resolve distinct strings.

    Args:
        resolver: of the focal country.
        strings: ``city_raw, region_raw, inventors`` and any further columns, one row per distinct string.

    Returns:
        The rows with ``province, city, method, confidence, candidates, candidate_cities (lists), note`` added.
    """
    resolve: Callable[[str | None, str | None], Resolution] = resolver.resolve
    answers = [resolve(city, region) for city, region in strings.select("city_raw", "region_raw").iter_rows()]
    columns = {name: [getattr(answer, name) for answer in answers] for name in RESOLUTION_SCHEMA}
    return strings.hstack(pl.DataFrame(columns, schema=RESOLUTION_SCHEMA))
