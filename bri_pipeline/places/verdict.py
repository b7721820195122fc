"""From the names read in an address to one province, or to an honest shrug."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bri_pipeline.places.gazetteer import MUNICIPALITIES, Gazetteer, Place, Tie
from bri_pipeline.places.mentions import Mention, Reading

# The heaviest place wins when the next province's is this many times smaller ...
_DOMINANCE = 3.5
# ... but districts named as such ("Putuo District") are distinguished only by a clearer lead.
_DISTRICT_DOMINANCE = 8.0
# A lead of this size leaves no doubt worth a note.
_BEYOND_DOUBT = 15.0
# Patent applications of a city that is hardly named by chance.
_METROPOLIS = 2_000.0
# Beside it, the names of cities with so much less are those of streets.
_SMALLER = 0.05
# A bare name more often means a city of that name than a district of another city.
_BARE_CITY = 2


class Resolution(NamedTuple):
    """The answer for one address string.

    ``province`` is an ISO 3166-2 code or None; ``candidates`` are the codes it may be, the likeliest first, and
    ``candidate_cities`` the prefecture-level city of each, where known; ``confidence`` is the chance of being
    right as estimated for the method, 0 without a province.
    """

    province: str | None
    city: str | None
    method: str
    confidence: float
    candidates: tuple[str, ...]
    note: str
    candidate_cities: tuple[str | None, ...] = ()


def resolved(
    province: str,
    city: str | None,
    method: str,
    confidence: float,
    note: str = "",
    others: Iterable[str] = (),
) -> Resolution:
    """An answer, with the runners-up a reviewer should know of."""
    candidates = tuple(dict.fromkeys((province, *others)))
    cities = tuple(city if iso == province else None for iso in candidates)
    return Resolution(province, city, method, confidence, candidates, note, cities)


def ambiguous(candidates: Iterable[str], note: str) -> Resolution:
    """Several provinces of comparable weight."""
    isos = tuple(dict.fromkeys(candidates))
    return Resolution(None, None, "ambiguous", 0.0, isos, note, (None,) * len(isos))


def unresolved(note: str) -> Resolution:
    """No place of the focal country."""
    return Resolution(None, None, "unresolved", 0.0, (), note)


_TIERS = {
    "province": ("province", 0.98),
    "curated": ("curated", 0.95),
    "division": ("exact", 0.97),
    "spelling": ("spelling", 0.9),
    "town": ("town", 0.6),
}


def judge(gazetteer: Gazetteer, reading: Reading, stated: tuple[str, ...], field: str) -> Resolution | None:
    """Decide from the mentions of one string; None when nothing was named.

    Args:
        gazetteer: names and reviewed ties.
        reading: the mentions of the city field.
        stated: provinces said in the region field.
        field: method recorded when the region field decided.
    """
    direct = [one for one in reading.mentions if not one.institution]
    if not direct and reading.mentions:
        named = _judge(gazetteer, list(reading.mentions), reading.post_code, stated, field)
        if named is None or named.province is None or stated:
            return named
        if not any(map(_lends_its_name, reading.mentions)):
            return unresolved(f"only a building or zone is named after {reading.mentions[0].text!r}")
        return named._replace(method="institution", confidence=0.8, note=f"from {reading.mentions[0].text!r}")
    return _judge(gazetteer, direct, reading.post_code, stated, field)


def _judge(
    gazetteer: Gazetteer, mentions: list[Mention], code: str | None, stated: tuple[str, ...], field: str
) -> Resolution | None:
    said = tuple(dict.fromkeys(one.places[0].province for one in mentions if one.tier == "province"))
    cities = [one for one in mentions if one.tier != "province"]
    if stated:
        said, method = stated, field
    else:
        method = "province in string"
    if said:
        return _under_provinces(gazetteer, said, cities, method)
    if not cities:
        return None
    answer = _single(gazetteer, cities[0]) if len(cities) == 1 else _several(gazetteer, cities)
    return _with_post_code(gazetteer, answer, code, cities)


def _lends_its_name(mention: Mention) -> bool:
    """Whether a university or company is named after a place, and so in it: a city or province, no small county."""
    return not mention.building and any(
        place.kind in ("province", "prefecture", "university", "exonym") for place in mention.places
    )


def _heaviest(places: Iterable[Place], province: str) -> Place | None:
    own = [place for place in places if place.province == province]
    return max(own, key=_weight, default=None)


def _weight(place: Place, bare: bool = True) -> float:
    return place.weight * (_BARE_CITY if bare and place.kind == "city" else 1)


def _under_provinces(
    gazetteer: Gazetteer, said: tuple[str, ...], cities: list[Mention], method: str
) -> Resolution:
    """A province is said; the other names must agree with it or be minor."""
    agreeing = [iso for iso in said if all(iso in one.provinces for one in cities)] or list(said)
    if len(agreeing) > 1:
        return ambiguous(agreeing, "several provinces are named")
    iso = agreeing[0]
    matching = [one for one in cities if iso in one.provinces]
    if not matching and cities:
        return _contradiction(gazetteer, iso, cities, method)
    if not cities:
        province = gazetteer.provinces[iso]
        city = province.name if iso in MUNICIPALITIES else None
        if iso == "CN-SX":
            return resolved(iso, None, "dominant", 0.75, "Shaanxi is often written so", ("CN-SX", "CN-SN"))
        return resolved(iso, city, "province" if method != "region field" else method, 0.98)
    return resolved(iso, _city([one.within(frozenset({iso})) for one in matching], iso), method, 0.99)


def _contradiction(gazetteer: Gazetteer, iso: str, cities: list[Mention], method: str) -> Resolution:
    other = _single(gazetteer, cities[0]) if len(cities) == 1 else _several(gazetteer, cities)
    if iso == "CN-SX" and other.candidates[:1] == ("CN-SN",):
        return resolved("CN-SN", other.city, method, 0.95, "Shaanxi written Shanxi")
    if all(_is_minor(one) for one in cities):
        city = gazetteer.provinces[iso].name if iso in MUNICIPALITIES else None
        return resolved(iso, city, method, 0.85, f"{cities[0].text!r} is not known there")
    return ambiguous(
        (iso, *other.candidates), f"{cities[0].text!r} is not in {gazetteer.provinces[iso].name}"
    )


def _is_minor(mention: Mention) -> bool:
    """Whether a name is likelier that of a street or village than of the place that is known by it."""
    if mention.tier in ("town", "spelling"):
        return True
    if mention.suffix or mention.tier == "province":
        return False
    return all(place.kind not in ("prefecture", "province", "city", "exonym") for place in mention.places)


def _city(mentions: list[Mention], iso: str) -> str | None:
    """The prefecture-level city the mentions agree on; parents count before namesakes."""
    sets = [{place.city for place in one.places if place.province == iso and place.city} for one in mentions]
    sets = [cities for cities in sets if cities]
    if not sets:
        return None
    common = set.intersection(*sets)
    if len(common) == 1:
        return common.pop()
    heaviest = [_heaviest(one.places, iso) for one in mentions]
    best = max((place for place in heaviest if place is not None), key=_weight)
    return best.city if (len(mentions) == 1 and _clear_city(mentions[0], iso)) or common == set() else None


def _clear_city(mention: Mention, iso: str) -> bool:
    weights: dict[str | None, float] = {}
    for place in mention.places:
        if place.province == iso:
            weights[place.city] = max(weights.get(place.city, 0), _weight(place, not mention.suffix))
    ranked = sorted(weights.values(), reverse=True)
    return len(ranked) < 2 or ranked[0] >= _DOMINANCE * ranked[1]


def _weights(mention: Mention) -> list[tuple[str, float]]:
    """Provinces of a mention by the weight of its heaviest place there, the heaviest first."""
    weights: dict[str, float] = {}
    for place in mention.places:
        weight = _weight(place, bare=not mention.suffix)
        weights[place.province] = max(weights.get(place.province, 0), weight)
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))


def _single(gazetteer: Gazetteer, mention: Mention) -> Resolution:
    """One name: its province or provinces, and the city it means in each."""
    answer = _weighed(gazetteer, mention)
    if len(answer.candidates) < 2:
        return answer
    cities = tuple(_city([mention], iso) for iso in answer.candidates)
    return answer._replace(candidate_cities=cities)


def _weighed(gazetteer: Gazetteer, mention: Mention) -> Resolution:
    """Reviewed ties first, then the only or the dominant province."""
    method, confidence = _TIERS[mention.tier]
    reviewed = _reviewed(gazetteer, mention)
    if reviewed is not None:
        if not reviewed.dominant:
            return ambiguous(reviewed.provinces, reviewed.note or "several provinces have this name")
        iso = reviewed.provinces[0]
        return resolved(iso, _city([mention], iso), "dominant", 0.8, reviewed.note, reviewed.provinces)
    ranked = _weights(mention)
    first, weight = ranked[0]
    if len(ranked) == 1:
        return resolved(first, _city([mention], first), method, confidence)
    needed = _DISTRICT_DOMINANCE if mention.suffix == "district" else _DOMINANCE
    # The weight of most towns is not known (0): none outdoes its namesakes.
    alike = mention.tier == "town"
    rivals = [iso for iso, other in ranked if alike or other * needed > weight or iso == first]
    if len(rivals) > 1:
        return ambiguous(rivals, "several provinces have this name")
    if weight >= _BEYOND_DOUBT * ranked[1][1]:
        return resolved(first, _city([mention], first), method, confidence)
    note = f"far larger than its namesake in {', '.join(iso for iso, _ in ranked[1:3])}"
    return resolved(first, _city([mention], first), method, round(confidence - 0.05, 2), note)


def _reviewed(gazetteer: Gazetteer, mention: Mention) -> Tie | None:
    """The reviewed verdict on the name with its suffix; the bare name's also serves "City"."""
    tie = gazetteer.ties.get((mention.key, mention.suffix))
    if tie is None and mention.suffix == "city":
        tie = gazetteer.ties.get((mention.key, ""))
        if tie is not None and not set(tie.provinces) <= {place.province for place in mention.places}:
            return None
    return tie


def _several(gazetteer: Gazetteer, mentions: list[Mention]) -> Resolution:
    """Several names: the province they share; a district's parent is one of them."""
    sure = [one for one in mentions if one.tier != "town"] or mentions
    shared = frozenset.intersection(*(frozenset(p.province for p in one.places) for one in sure))
    if not shared and (answer := _before_small_namesakes(sure)) is not None:
        return answer
    shared = shared or frozenset.intersection(*(one.provinces for one in sure))
    if not shared:
        singles = [_single(gazetteer, one) for one in sure]
        named = {answer.province for answer in singles if answer.province is not None}
        candidates = [iso for answer in singles for iso in answer.candidates]
        if len(named) == 1 and all(named <= set(one.candidates) or not one.candidates for one in singles):
            return resolved(named.pop(), None, "parent", 0.8)
        city = _metropolis(sure)
        if city is not None:
            note = f"{city.name} before the smaller names"
            return resolved(city.province, city.city, "parent", 0.85, note, candidates)
        return ambiguous(candidates, "the names are in different provinces")
    narrowed = [one.within(shared) for one in sure]
    if len(shared) == 1:
        iso = next(iter(shared))
        return resolved(iso, _city(narrowed, iso), "parent", 0.97)
    related = {iso for iso in shared if _has_parent(narrowed, iso)}
    if len(related) == 1:
        iso = related.pop()
        return resolved(iso, _city([one.within(frozenset({iso})) for one in narrowed], iso), "parent", 0.95)
    heaviest = max(narrowed, key=lambda one: _weights(one)[0][1])
    return _single(gazetteer, heaviest)


def _before_small_namesakes(mentions: list[Mention]) -> Resolution | None:
    """The one province of a district named as such, where the rest may be in it, or a large city before small ones.

    ``Shiyan, Baoan District``: a part of Shenzhen and not the city of Shiyan.
    """
    kinds = [one for one in mentions if one.suffix == "district"]
    isos = {place.province for one in kinds for place in one.places}
    if len(isos) == 1 and all(isos <= one.provinces for one in mentions):
        [iso] = isos
        return resolved(iso, _city([one.within(frozenset(isos)) for one in kinds], iso), "parent", 0.9)
    city = _metropolis(mentions)
    if city is None or all(city.province in one.provinces for one in mentions):
        return None
    return resolved(city.province, city.city, "parent", 0.85, f"{city.name} before the smaller names")


def _metropolis(mentions: list[Mention]) -> Place | None:
    """The one large city among smaller names that are elsewhere: ``Langao Rode, Shenzhen``."""
    largest = [_largest_city(one) for one in mentions]
    best = max(
        (place for place in largest if place is not None), key=lambda place: place.inventors, default=None
    )
    if best is None or best.inventors < _METROPOLIS:
        return None
    others = [one for one, place in zip(mentions, largest, strict=True) if place is not best]
    if any(one.tier == "province" or (one.suffix and not _is_minor(one)) for one in others):
        return None
    largest_other = max((place.inventors for one in others for place in one.places), default=0.0)
    return best if largest_other <= _SMALLER * best.inventors or all(map(_is_minor, others)) else None


def _largest_city(mention: Mention) -> Place | None:
    if mention.suffix not in ("", "city"):
        return None
    places = (place for place in mention.places if place.kind in ("prefecture", "exonym"))
    return max(places, key=lambda place: place.inventors, default=None)


def _has_parent(mentions: list[Mention], iso: str) -> bool:
    """Whether, in a province, one of the names is the city that contains another one."""
    for parent in mentions:
        cities = {p.city for p in parent.places if p.kind == "prefecture" and p.province == iso}
        for child in mentions:
            below = (p for p in child.places if p.kind != "prefecture" and p.province == iso)
            if child is not parent and any(place.city in cities for place in below):
                return True
    return False


def _with_post_code(
    gazetteer: Gazetteer, answer: Resolution, code: str | None, cities: list[Mention]
) -> Resolution:
    """A Chinese post code breaks a tie: its first two digits belong to one province."""
    if code is None or (answer.province is not None and answer.method != "dominant"):
        return answer
    fitting = [iso for iso in answer.candidates if code[:2] in gazetteer.provinces[iso].post_codes]
    if len(fitting) == 1:
        city = _city([one.within(frozenset(fitting)) for one in cities], fitting[0])
        return resolved(fitting[0], city, "post code", 0.9, f"post code {code}")
    return answer
