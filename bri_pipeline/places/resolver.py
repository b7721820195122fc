"""City and region string → province, city, and the reasons.

The order of the rules, each recorded as the method of the answer, is told in ``docs/places.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from bri_pipeline.places.fuzzy import FuzzyNames
from bri_pipeline.places.gazetteer import Gazetteer, override_key
from bri_pipeline.places.hong_kong import is_hong_kong
from bri_pipeline.places.mentions import Reading, read_chinese, read_latin
from bri_pipeline.places.states import us_state
from bri_pipeline.places.text import CJK, key, plain
from bri_pipeline.places.verdict import Resolution, ambiguous, judge, resolved, unresolved
from bri_pipeline.places.vocabulary import COUNTRY, NO_PLACE, SUFFIXES

__all__ = ["Resolution", "Resolver", "resolve_frame"]

RESOLUTION_SCHEMA = {
    "province": pl.String,
    "city": pl.String,
    "method": pl.String,
    "confidence": pl.Float64,
    "candidates": pl.List(pl.String),
    "note": pl.String,
}
# Large enough that a misspelling is likelier than the village of that name.
_METROPOLIS = 2_500_000


@dataclass
class Resolver:
    """Answers for one focal country; equal strings are worked out once."""

    gazetteer: Gazetteer
    focal_country: str
    fuzzy: FuzzyNames
    _known: dict[tuple[str | None, str | None], Resolution] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, reference_dir: Path, focal_country: str = "CN") -> Resolver:
        """Read the gazetteer of ``data/reference``.

        Raises:
            UserError: a reference file is missing or has a row that cannot be used.
        """
        gazetteer = Gazetteer.load(reference_dir)
        return cls(gazetteer, focal_country, FuzzyNames.of(gazetteer))

    def resolve(self, city_raw: str | None, region_raw: str | None = None) -> Resolution:
        """The province of an inventor's or applicant's city and region field."""
        asked = (city_raw, region_raw)
        answer = self._known.get(asked)
        if answer is None:
            answer = self._known[asked] = self._work_out(city_raw, region_raw)
        return answer

    def _work_out(self, city_raw: str | None, region_raw: str | None) -> Resolution:
        override = self.gazetteer.overrides.get(override_key(city_raw, region_raw))
        if override is None and region_raw:
            override = self.gazetteer.overrides.get(override_key(city_raw, None))
        if override is not None:
            if override.province is None:
                return Resolution(None, None, "override", 0.0, (), override.note)
            return resolved(override.province, override.city, "override", 1.0, override.note)
        if self.focal_country != "CN":
            return _other_country(self.focal_country, region_raw)
        return self._chinese(plain(city_raw or ""), plain(region_raw or ""), city_raw, region_raw)

    def _chinese(self, city: str, region: str, city_raw: str | None, region_raw: str | None) -> Resolution:
        if is_hong_kong(city_raw, region_raw):
            return _special("CN-HK")
        stated = self._stated(region)
        if stated and stated[0] in ("CN-TW", "CN-MO"):
            return _special(stated[0])
        reading = self._read(city)
        special = _special_region(reading)
        if special is not None:
            return special
        named = bool(reading.mentions)
        if not named and not stated:
            return self._unnamed(reading)
        answer = judge(self.gazetteer, reading, stated, "region field")
        if answer is None:
            return unresolved("no place is named")
        return self._doubt(answer, reading)

    def _read(self, text: str) -> Reading:
        reader = read_chinese if CJK.search(text) else read_latin
        return reader(self.gazetteer, text)

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
        """Second thoughts: foreign namesakes, and villages that look like a slip in a metropolis's name."""
        tiers = {one.tier for one in reading.mentions}
        if tiers & {"province", "division", "curated"} or not tiers:
            return answer
        if any(segment in self.gazetteer.foreign for segment in reading.whole_segments):
            return unresolved("also a foreign city")
        near = self._misspelt(reading.key)
        if tiers == {"town"} and near is not None and near.province not in (None, answer.province):
            return near
        return answer

    def _unnamed(self, reading: Reading) -> Resolution:
        words = [word for word in reading.unread if word not in COUNTRY]
        name = _bare("".join(words)) if words else ""
        if not reading.key or not name or name in NO_PLACE or reading.key in NO_PLACE:
            return unresolved("empty, or no more than the country")
        if name in self.gazetteer.foreign or any(
            segment in self.gazetteer.foreign for segment in reading.whole_segments
        ):
            return unresolved("a foreign city")
        return self._misspelt(name) or unresolved("no known place")

    def _misspelt(self, name: str) -> Resolution | None:
        distance, places = self.fuzzy.nearest(_bare(name))
        if not places:
            return None
        provinces = sorted({place.province for place in places})
        if len(provinces) > 1:
            ranked = sorted(places, key=lambda place: -place.weight)
            if {place.name for place in places} == {ranked[0].name}:
                return self._misspelt_namesakes(ranked[0].name)
            return ambiguous((place.province for place in ranked), "may be a slip for several names")
        best = max(places, key=lambda place: place.weight)
        return resolved(
            best.province, best.city, "fuzzy", 0.85 if distance == 1 else 0.75, f"taken for {best.name}"
        )

    def _misspelt_namesakes(self, name: str) -> Resolution:
        answer = self.resolve(name)
        if answer.province is None:
            return answer
        return resolved(answer.province, answer.city, "fuzzy", 0.7, f"taken for {name}", answer.candidates)


def _bare(name: str) -> str:
    for word in sorted(SUFFIXES, key=len, reverse=True):
        if len(word) >= 4 and name.endswith(word) and len(name) - len(word) >= 5:
            return name.removesuffix(word)
    return name


_SPECIAL = {"CN-HK": "hong kong", "CN-MO": "macau", "CN-TW": "taiwan"}


def _special(iso: str, others: tuple[str, ...] = ()) -> Resolution:
    return resolved(iso, None, _SPECIAL[iso], 0.98, "printed under CN, not a mainland province", others)


def _special_region(reading: Reading) -> Resolution | None:
    """Macau and Taiwan, unless a mainland place is named beside them."""
    special = [one for one in reading.mentions if one.places[0].province in _SPECIAL]
    rest = [one for one in reading.mentions if one not in special and not one.institution]
    if not special or rest:
        return None
    isos = tuple(dict.fromkeys(place.province for place in special[0].places))
    return _special(isos[0], isos)


def _other_country(country: str, region_raw: str | None) -> Resolution:
    if country == "US":
        state = us_state(key(plain(region_raw or "")))
        if state is not None:
            return resolved(f"US-{state}", None, "region field", 0.99)
    return unresolved(f"no gazetteer for {country}")


def resolve_frame(resolver: Resolver, strings: pl.DataFrame) -> pl.DataFrame:
    """Resolve distinct strings.

    Args:
        resolver: of the focal country.
        strings: ``city_raw, region_raw, inventors`` and any further columns, one row per distinct string.

    Returns:
        The rows with ``province, city, method, confidence, candidates (list), note`` added.
    """
    resolve: Callable[[str | None, str | None], Resolution] = resolver.resolve
    answers = [resolve(city, region) for city, region in strings.select("city_raw", "region_raw").iter_rows()]
    columns = {
        name: pl.Series(name, [getattr(answer, name) for answer in answers], dtype=dtype)
        for name, dtype in RESOLUTION_SCHEMA.items()
        if name != "candidates"
    }
    candidates = pl.Series(
        "candidates", [list(answer.candidates) for answer in answers], dtype=pl.List(pl.String)
    )
    ordered = [candidates if name == "candidates" else columns[name] for name in RESOLUTION_SCHEMA]
    return strings.with_columns(ordered)
