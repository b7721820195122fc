"""What the page says in one language: phrases from its catalogue, names of territories from CLDR.

A catalogue is ``catalogues/<language>.toml``. A phrase may name values in braces; a phrase that counts has the
forms ``none`` (optional), ``one`` and ``other``. Both catalogues hold the same keys, which a test checks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

from babel import Locale

from bri_pipeline.report import numbers
from bri_pipeline.report.cities import city_name
from bri_pipeline.report.divisions import division_kind
from bri_pipeline.report.regions import region_name

Code = Literal["en", "zh"]
LANGUAGES: tuple[Code, ...] = ("en", "zh")
# Chinese text sets a space between Latin letters or figures and Chinese characters.
_LATIN_CHINESE = re.compile(r"(?<=[A-Za-z0-9.%])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])")
# Codes of a territory or an area whose standing is disputed: a group that holds one is of economies.
TERRITORIES = frozenset(
    [
        "AI",
        "AS",
        "AW",
        "AX",
        "BL",
        "BM",
        "BQ",
        "CK",
        "CW",
        "EH",
        "FK",
        "FO",
        "GF",
        "GG",
        "GI",
        "GL",
        "GP",
        "GU",
        "HK",
        "IM",
        "IO",
        "JE",
        "KY",
        "MF",
        "MO",
        "MP",
        "MQ",
        "MS",
        "NC",
        "NF",
        "NU",
        "PF",
        "PM",
        "PN",
        "PR",
        "RE",
        "SH",
        "SJ",
        "SX",
        "TC",
        "TK",
        "TW",
        "VG",
        "VI",
        "WF",
        "XK",
        "YT",
    ]
)


@dataclass(frozen=True)
class Language:
    """A language with the words of one study: what its documents, its partners and its provinces are called.

    ``territory_names``: ``neutral`` takes short names of territories from the catalogue, ``cldr`` those of CLDR.
    """

    code: Code
    territory_names: str = "neutral"
    ambient: Mapping[str, str] = field(default_factory=dict)

    def of_study(
        self, documents: str, partners: Sequence[str], territory_names: str, focal_country: str
    ) -> Language:
        """The same language with the words of a study."""
        kind = "economy" if TERRITORIES & set(partners) else "country"
        words = _catalogue(self.code)["words"]
        divisions = words["divisions"][division_kind(focal_country)]
        return Language(self.code, territory_names, {**words[documents], **words[kind], **divisions})

    @property
    def html(self) -> str:
        """The language as HTML names it."""
        return str(_catalogue(self.code)["language"]["html"])

    @property
    def is_of_tables(self) -> bool:
        """Whether the tables hold names and texts in this language."""
        return bool(_catalogue(self.code)["language"]["is_of_tables"])

    @property
    def own_name(self) -> str:
        """What the language calls itself."""
        return str(_catalogue(self.code)["language"]["name"])

    def say(self, key: str, **values: object) -> str:
        """The phrase of a key such as ``partners.title`` with its values filled in.

        Raises:
            KeyError: the catalogue has no such phrase, or a value it names is not given.
        """
        phrase: object = _entry(self.code, key)
        if not isinstance(phrase, str):
            raise KeyError(f"{key} is not one phrase")
        return self._spaced(phrase.format(**{**self.ambient, **values}))

    def has(self, key: str) -> bool:
        """Whether the catalogue has a phrase of this key."""
        try:
            _entry(self.code, key)
        except KeyError:
            return False
        return True

    def counted(self, key: str, amount: int, **values: object) -> str:
        """A number with its noun: ``counted("patents", 1)`` is ``1 patent``."""
        forms = _entry(self.code, f"counted.{key}")
        form = "none" if amount == 0 and "none" in forms else "one" if amount == 1 else "other"
        return str(forms[form]).format(**{**self.ambient, "n": numbers.count(amount), **values})

    def joined(self, names: Sequence[str]) -> str:
        """``a, b and c``."""
        if len(names) < 2:
            return "".join(names)
        words = _catalogue(self.code)["lists"]
        return self._spaced(str(words["comma"]).join(names[:-1]) + str(words["and"]) + names[-1])

    def listed(self, names: Sequence[str]) -> str:
        """``a, b, c``."""
        return str(_catalogue(self.code)["lists"]["comma"]).join(names)

    def _spaced(self, text: str) -> str:
        return _LATIN_CHINESE.sub(" ", text) if _catalogue(self.code)["language"]["spaces_latin"] else text

    def in_sentence(self, name: str, *, first: bool = False) -> str:
        """A name as a sentence uses it: with its article, capital where it comes first."""
        if name not in _catalogue(self.code)["articles"]["the"]:
            return name
        return f"{'The' if first else 'the'} {name}"

    def term(self, kind: str, text: str | None) -> str | None:
        """A word of the tables (a region, a field, a verdict ...) in this language; as it is if there is no entry."""
        if text is None:
            return None
        terms = cast(Mapping[str, str], _catalogue(self.code)["term"].get(kind, {}))
        return terms[text].format(**self.ambient) if text in terms else text

    def city(self, province: str, city: str) -> str | None:
        """A city's name in the gazetteer's column of this language; null where it has none."""
        return city_name(province, city, str(_catalogue(self.code)["language"]["place_names"]))

    def in_own_divisions(self, text: str) -> str:
        """A text of the tables, which call every first-level division a province, in the words of the study."""
        for province, own in _catalogue(self.code)["language"]["provinces"]:
            text = text.replace(province, str(own).format(**self.ambient))
        return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)

    def region(self, iso: str) -> str | None:
        """A first-level division outside China by its code; null where the list of this language has none."""
        return region_name(iso, str(_catalogue(self.code)["language"]["place_names"]))

    def country(self, code: str, name: str) -> str:
        """A country or territory; ``name`` is the one in the tables, kept where nothing else is known."""
        neutral = _catalogue(self.code)["territory"]
        if self.territory_names == "neutral" and code in neutral:
            return str(neutral[code])
        if self.territory_names == "neutral" and self.is_of_tables:
            return name
        return str(_locale(self.code).territories.get(code, name))


@cache
def language(code: Code) -> Language:
    """A language with the words of a study of publications by countries and China's provinces."""
    return Language(code).of_study("publications", (), "neutral", "CN")


def keys(code: Code) -> dict[str, object]:
    """Every key of a catalogue with its phrase; the words of ``term`` and ``territory`` are keys too."""
    return dict(_flat("", _catalogue(code)))


def _flat(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", value)
        else:
            found.append((f"{prefix}{key}", value))
    return found


def _entry(code: Code, key: str) -> Any:
    found: Any = _catalogue(code)
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            raise KeyError(f"catalogues/{code}.toml has no {key}")
        found = found[part]
    return found


@cache
def _catalogue(code: Code) -> dict[str, Any]:
    text = (
        resources.files("bri_pipeline.report").joinpath(f"catalogues/{code}.toml").read_text(encoding="utf-8")
    )
    return tomllib.loads(text)


@cache
def _locale(code: Code) -> Locale:
    return Locale.parse(_catalogue(code)["language"]["locale"])
