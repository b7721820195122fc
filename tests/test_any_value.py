"""Every value of a study file and of the environment tried long, empty, and with what software trips over."""

from __future__ import annotations

import datetime
import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import load_study
from bri_pipeline.study_file import StudyTable, Table
from bri_pipeline.visible import hidden_character

TEXTS = [
    "",
    " ",
    "x" * 10_000,
    "../" * 40 + "etc/passwd",
    "/etc/passwd",
    "/",
    ".",
    "..",
    "~",
    "~nobody-here/x",
    "a/../../b",
    "..\\..\\b",
    "C:\\b",
    "\\\\server\\share",
    "file:///etc/passwd",
    "http://localhost/x",
    "it's",
    'say "so"',
    "'; drop table marts.summary; --",
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% for %}",
    "${HOME} $(id) `id` %HOME%",
    "%s%n%20",
    "=1+1",
    "-rf",
    "--help",
    "CON",
    "nul.txt",
    "a\x00b",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "a\x1b[31mb",
    "a\u202eb",
    "\ufeff",
    "\u200b",
    "南京 Élan",
    "😀" * 50,
    "é" * 300,
    "0",
    "-1",
    "1e999",
    "9" * 400,
    "nan",
    "null",
    "true",
    "[]",
    "*",
    "?",
    "#",
    ";",
]
OTHERS: list[Any] = [
    0,
    -1,
    1,
    9999,
    10**30,
    -(2**63),
    1.5,
    float("nan"),
    float("inf"),
    True,
    datetime.date(1, 1, 1),
    datetime.date(9999, 12, 31),
    datetime.datetime(2013, 1, 3, 12),
    datetime.time(1, 2),
    [],
    [[]],
    ["SG"] * 2000,
    ["x" * 10_000],
    [10**30, -1],
    {},
    {"a": 1},
    {"a\x00": {"b": [1]}},
]
WHOLE: dict[str, Any] = {
    "name": "own",
    "title": "A title",
    "focal_country": "CN",
    "focal_province": "CN-JS",
    "window": {"start": datetime.date(2010, 1, 1), "end": datetime.date(2013, 12, 31)},
    "partners": ["SG", "IN"],
    "documents": "publications",
    "kinds": ["A1"],
    "hong_kong_as_cn": False,
    "synthetic": False,
    "expected": "expected.csv",
    "alliances": "alliances.csv",
    "territory_names": "neutral",
    "papers": {"kind": "openalex_snapshot", "path": "files"},
    "source": {"kind": "weekly_xml", "path": "files", "country_totals": True},
    "growth": {"years": [2010, 2013], "zero_year_rule": "skip"},
    "counting": {"date": "publication"},
    "comparison": {"from": 2012},
    "stages": [{"name": "one", "from": 2010, "to": 2011}, {"name": "two", "from": 2012, "to": 2013}],
}


def toml(value: Any) -> str:
    """A value as TOML; JSON's texts are TOML's but for the escape of U+007F."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def places(model: type[Table], above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the values of a study file are: every key of every table, as the models declare them."""
    for name, field in model.model_fields.items():
        here = (*above, field.alias or name)
        yield here
        for inner in _tables(field.annotation):
            yield from places(inner, (*here, 0) if here == ("stages",) else here)


def _tables(annotation: Any) -> Iterator[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, list):
        for inner in get_args(annotation):
            yield from _tables(inner)


PLACES = list(places(StudyTable))


def with_value(place: tuple[str | int, ...], value: Any) -> str:
    """The whole study with one value replaced, as TOML; each table on a line of its own."""
    study = json.loads(json.dumps(WHOLE, default=str), object_hook=_dates)
    inner: Any = study
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return "".join(f"{key} = {toml(one)}\n" for key, one in study.items())


def _dates(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: datetime.date.fromisoformat(value) if key in ("start", "end") else value
        for key, value in table.items()
    }


def assert_a_sentence(error: UserError) -> None:
    text = str(error)
    assert hidden_character(text) is None, repr(text)
    assert 10 < len(text) < 900 and text.endswith("."), text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "expected.csv").write_text("what,expected\n")
    (tmp_path / "alliances.csv").write_text("alliance\n")
    return tmp_path


def test_the_study_that_values_are_tried_in_is_whole(folder: Path) -> None:
    (folder / "own.toml").write_text(with_value(("name",), "own"))
    assert load_study("own.toml").stages[1].name == "two"
    keys = {place[0] for place in PLACES}
    assert keys == WHOLE.keys() and ("growth", "years") in PLACES and ("stages", 0, "to") in PLACES


@pytest.mark.parametrize("number", range(len(PLACES)), ids=[".".join(map(str, place)) for place in PLACES])
def test_a_fifth_of_the_values_in_every_place_of_a_study_file(folder: Path, number: int) -> None:
    assert_used_or_named(folder, PLACES[number], [*TEXTS, *OTHERS][number % 5 :: 5])


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_any_value_in_a_study_file_is_used_or_named(folder: Path, place: tuple[str | int, ...]) -> None:
    assert_used_or_named(folder, place, [*TEXTS, *OTHERS])


def assert_used_or_named(folder: Path, place: tuple[str | int, ...], values: list[Any]) -> None:
    """The study loads and stays in its folder, or a sentence names the file."""
    for value in values:
        (folder / "own.toml").write_text(with_value(place, value), encoding="utf-8")
        try:
            study = load_study("own.toml")
        except UserError as error:
            assert_a_sentence(error)
            assert "own.toml" in str(error)
            continue
        home = StudyHome.of(study, Settings(folder / "home", "own", "", 1, None, None))
        assert home.root.resolve().parent == (folder / "home").resolve()
        assert len(study.title) <= 500 and not hidden_character(study.title)


@pytest.mark.parametrize(
    "name",
    [
        "BRI_HOME",
        "BRI_STUDY",
        "BRI_ODP_URL",
        "BRI_WORKERS",
        "BRI_MEMORY",
        "BRI_ALERT_WEBHOOK",
        "BRI_DAGSTER_POSTGRES_URL",
        "USPTO_API_KEY",
    ],
)
def test_any_value_of_a_setting_is_used_or_named_and_secrets_are_not_repeated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    secret = name in ("BRI_ALERT_WEBHOOK", "BRI_DAGSTER_POSTGRES_URL", "USPTO_API_KEY")
    for value in TEXTS:
        if "\x00" in value:
            continue  # the system has no such variable
        monkeypatch.setenv(name, value)
        try:
            settings = load_settings()
            if name == "BRI_STUDY":
                load_study(settings.study)
        except UserError as error:
            assert_a_sentence(error)
            assert name in str(error) or name == "BRI_STUDY"
            assert not secret or len(value.strip()) < 5 or value not in str(error)
            continue
        assert settings.home.is_absolute()
