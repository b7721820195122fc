"""OpenAlex's API and snapshot, from recorded shapes to the tables of papers; no network but the loopback."""

from __future__ import annotations

import gzip
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake import papers as lake_papers
from bri_pipeline.lake.papers import (
    institutions_are_stale,
    known_institutions,
    land_papers,
    paper_files,
    stale_parts,
)
from bri_pipeline.openalex.client import OpenAlexClient, OpenAlexError
from bri_pipeline.openalex.snapshot import ScannedWorks, SnapshotFile, scan_institutions, take
from bri_pipeline.openalex.work import INSTITUTION_SCHEMA, Question, papers_frame, read_work
from bri_pipeline.progress import InLines
from bri_pipeline.settings import DEFAULT_OPENALEX_URL, Settings, load_settings
from bri_pipeline.study import PaperSettings, Study, load_study
from bri_pipeline.warehouse import Model, build_model, load_models
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.lake_tables import load_lake
from tests.conftest import REPOSITORY
from tests.openalex.standin import Fault, StandInOpenAlex, institution, work
from tests.warehouse.lake import connect, fill_lake, make_from
from tests.warehouse.studies import study

KEY = "s3cret-Dist1nctive-0123456789abcdef"
NANJING, BEIJING, SINGAPORE, HAIFA, NOWHERE = 1, 2, 3, 4, 5
WORKS = [
    work(101, "2010-01-15", (NANJING, "CN"), (SINGAPORE, "SG")),
    work(102, "2010-01-20", (NANJING, "CN"), (BEIJING, "CN"), (HAIFA, "IL"), field_of_topic="Medicine"),
    work(103, "2010-01-31", (BEIJING, "CN"), (SINGAPORE, "SG"), (HAIFA, "IL"), field_of_topic=None),
    work(104, "2010-02-01", (NOWHERE, "CN"), (SINGAPORE, "SG"), is_authors_truncated=True),
    work(105, "2010-02-02", (NANJING, "CN")),
    work(106, "2010-02-03", (NANJING, "CN"), (6, "US")),
]
INSTITUTIONS = [
    institution(NANJING, "CN", "Nanjing"),
    institution(BEIJING, "CN", "Beijing"),
    institution(SINGAPORE, "SG", "Singapore", "Central Singapore"),
    institution(HAIFA, "IL", "Haifa"),
]


def settings(url: str = DEFAULT_OPENALEX_URL, key: str | None = None) -> Settings:
    return replace(load_settings(), openalex_url=url, openalex_key=key)


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return load_models(REPOSITORY / "sql")


def study_with(path: Path | None = None, **changes: Any) -> Study:
    kind = "openalex_snapshot" if path else "openalex_api"
    return study(papers=PaperSettings(kind, path), window_end=date(2010, 2, 28), **changes)


@pytest.fixture
def openalex() -> Iterator[StandInOpenAlex]:
    with StandInOpenAlex(WORKS, INSTITUTIONS, key=KEY) as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Clients that do not really wait; what they would have waited."""
    waited: list[float] = []

    def make(settings: Settings) -> OpenAlexClient:
        return client(settings.openalex_url, settings.openalex_key, waited)

    monkeypatch.setattr(lake_papers, "openalex_client", make)
    return waited


def client(url: str, key: str | None = KEY, waited: list[float] | None = None) -> OpenAlexClient:
    slept = waited if waited is not None else []
    return OpenAlexClient(url, key, pause=0, sleep=lambda s: slept.append(s) if s else None, jitter=lambda: 0)


def listed(openalex: StandInOpenAlex, waited: list[float] | None = None) -> list[str]:
    question = Question(frozenset({"CN"}), frozenset({"SG", "IL"}), date(2010, 1, 1), date(2010, 12, 31))
    filters = question.filters(date(2010, 1, 1), date(2010, 1, 31))
    found = client(openalex.url, waited=waited).records("/works", filters, "id", what="papers")
    return [record["id"].rpartition("/")[2] for record in found]


# ---- the client


def test_a_list_is_read_by_cursor_to_its_end(openalex: StandInOpenAlex) -> None:
    assert listed(openalex) == ["W101", "W102", "W103"]
    asked = openalex.asked("/works")
    assert [request["cursor"] for request in asked] == ["*", "c2", "c3"]
    assert {request["per_page"] for request in asked} == {"100"}
    assert asked[0]["filter"] == (
        "authorships.institutions.country_code:CN,authorships.institutions.country_code:IL|SG,"
        "from_publication_date:2010-01-01,to_publication_date:2010-01-31"
    )


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, b'{"error":"Too Many Requests"}', {"Retry-After": "7"}),
        Fault(403, b'{"error":"Forbidden","message":"Rate limit exceeded; slow down"}', {"Retry-After": "7"}),
        Fault(500, b"oops"),
        Fault(503, b"<html>busy</html>"),
        Fault(200, b""),
        Fault(200, b"<html>a web page</html>"),
        Fault(200, b'{"meta": {', cut=True),
    ],
    ids=["throttled", "403", "500", "503", "empty", "web page", "cut"],
)
def test_what_passes_is_tried_again(openalex: StandInOpenAlex, fault: Fault) -> None:
    waited: list[float] = []
    openalex.faults = [fault, fault]
    assert listed(openalex, waited) == ["W101", "W102", "W103"]
    if "Retry-After" in fault.headers:
        assert waited == [7, 7]
    else:
        assert waited == [1, 2]


@pytest.mark.parametrize(
    ("fault", "said", "requests"),
    [
        (
            Fault(429, b"{}", {"X-RateLimit-Remaining": "0"}),
            "the budget of the day is spent and is renewed in 2.0",
            1,
        ),
        (Fault(429, b"{}", {"Retry-After": "54000"}), "OpenAlex asks to wait 15.0 hours", 1),
        (
            Fault(401, b'{"message":"no such key"}'),
            "the key was not accepted (no such key). Get a free key",
            1,
        ),
        (Fault(403, b'{"message":"Your API key is invalid"}'), "403: the key was not accepted", 1),
        (Fault(403, b"{}"), "after 6 tries: OpenAlex answered 403: too many requests", 6),
        (
            Fault(429, b"{}", {"X-RateLimit-Remaining-USD": "0.00005", "X-RateLimit-Remaining": "500"}),
            "the budget of the day is spent",
            1,
        ),
        (
            Fault(400, b'{"error":"Invalid query parameters error."}'),
            "400 (Invalid query parameters error.)",
            1,
        ),
        (Fault(302, b"", {"Location": "http://elsewhere.example/"}), "redirected to another address", 1),
        (Fault(302, b"", {"Location": f"http://[{KEY}/x"}), "redirected to another address", 1),
        (Fault(302, b"", {"Location": f"http://[{KEY}]/x"}), "Check BRI_OPENALEX_URL", 1),
        (Fault(500, b""), "after 6 tries: OpenAlex answered 500", 6),
        (Fault(200, b'{"results": 3, "meta": {}}'), "holds no list", 1),
    ],
)
def test_what_does_not_pass_is_said_once_with_a_way_out(
    openalex: StandInOpenAlex, fault: Fault, said: str, requests: int
) -> None:
    openalex.faults = [fault] * 6
    with pytest.raises(OpenAlexError) as error:
        listed(openalex)
    assert said in str(error.value) and KEY not in str(error.value)
    assert len(openalex.requests) == requests
    assert error.value.__context__ is None


def test_fewer_records_than_announced_are_not_taken_for_all(openalex: StandInOpenAlex) -> None:
    openalex.announce = 2
    with pytest.raises(OpenAlexError, match="announced 5 records and gave 3"):
        listed(openalex)


def page(*works: dict[str, Any], count: object = 3, cursor: str | None = "next") -> Fault:
    return Fault(
        body=json.dumps({"meta": {"count": count, "next_cursor": cursor}, "results": works}).encode()
    )


def test_a_page_given_twice_is_not_two_pages(openalex: StandInOpenAlex) -> None:
    openalex.faults = [page(WORKS[0]), page(WORKS[0]), page(WORKS[0], cursor=None)]
    with pytest.raises(OpenAlexError, match="announced 3 records and gave 1"):
        listed(openalex)


@pytest.mark.parametrize("count", [None, "3", -5, 1.5, [3], False])
def test_a_list_that_does_not_say_how_many_there_are_is_none(
    openalex: StandInOpenAlex, count: object
) -> None:
    openalex.faults = [page(WORKS[0], count=count, cursor=None)]
    with pytest.raises(OpenAlexError, match="does not say how many there are"):
        listed(openalex)


def test_nobody_answers(quick: list[float]) -> None:
    with StandInOpenAlex([], []) as gone:
        url = gone.url
    with pytest.raises(OpenAlexError, match="Check the network") as error:
        list(client(url).records("/works", "x:y", "id", what="papers"))
    assert KEY not in str(error.value) and "api_key" not in str(error.value)


def test_the_key_is_in_no_message_and_no_log(
    openalex: StandInOpenAlex, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    openalex.key = "another"  # the server's refusal repeats the key that was given
    with pytest.raises(OpenAlexError) as error:
        listed(openalex)
    assert "[key]" in str(error.value)
    openalex.key, openalex.faults = KEY, [Fault(500)]
    listed(openalex)
    logged = [record.getMessage() for record in caplog.records]
    assert any("trying again" in message for message in logged)
    assert any("api_key=[key]" in message for message in logged)  # urllib3's own, at its most talkative
    assert all(KEY not in message for message in [str(error.value), *logged])
    assert KEY not in repr(settings(openalex.url, KEY))
    with pytest.raises(UserError, match="OPENALEX_API_KEY holds blanks"):
        client(openalex.url, "a b")


# ---- a record


def test_what_a_work_says_is_read_and_what_is_odd_left_out() -> None:
    record = work(7, "2012-02-03", (NANJING, "cn"), (SINGAPORE, "SG"))
    record["authorships"][0]["institutions"] += [{"id": None, "display_name": "no number"}, "no object"]
    record["authorships"].append({"institutions": None})
    paper = read_work(record)
    assert [(*tuple(one)[:2], one.country) for one in paper.affiliations] == [
        (1, "I1", "CN"),
        (2, "I3", "SG"),
    ]
    assert (paper.work_id, paper.field, paper.authors) == ("W7", "Engineering", 3)


@pytest.mark.parametrize(
    "change",
    [{"id": None}, {"id": "x"}, {"publication_date": None}, {"authorships": "none"}, {"authorships": ["a"]}],
)
def test_a_work_that_cannot_be_used_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="it"):
        read_work({**work(7, "2012-02-03", (NANJING, "CN")), **change})


ODD = (5, 10**400, True, [], ["a"], [None], [[]], {}, {"a": 1}, "", "x", "\ud800", "a\0b", "9" * 5000, 1.5)


def places_in(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield from places_in(member, (*place, name))


def with_odd_value(record: dict[str, Any], place: tuple[Any, ...], odd: Any) -> bytes:
    changed = json.loads(json.dumps(record))
    inner = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = odd
    return json.dumps(changed).encode()


def test_whatever_a_record_holds_it_is_kept_or_counted() -> None:
    question = Question(frozenset({"CN"}), frozenset({"SG"}), date(2001, 1, 1), date(2020, 12, 31))
    whole = work(7, "2012-02-03", (NANJING, "CN"), (SINGAPORE, "SG"))
    scanned, lines = ScannedWorks(), [json.dumps(whole).encode()]
    for place in places_in(whole):
        lines += [with_odd_value(whole, place, odd) for odd in ODD if place]
    for line in lines:
        take(scanned, line, question)
    kept = papers_frame(scanned.papers)
    assert kept.height > 300
    assert scanned.unreadable > 100


def test_an_institution_that_cannot_be_read_has_no_place(tmp_path: Path) -> None:
    whole = {
        "id": "https://openalex.org/I1",
        "display_name": "n",
        "country_code": "CN",
        "geo": {"city": "Nanjing"},
    }
    path = tmp_path / "part_000"
    for place in places_in(whole):
        path.write_bytes(
            b"\n".join([b"{}", b"[]", *(with_odd_value(whole, place, odd) for odd in ODD if place)])
        )
        found = scan_institutions([SnapshotFile(path)], frozenset({"I1"}))
        pl.DataFrame(list(found.values()), schema=INSTITUTION_SCHEMA)


# ---- landing


def land(home: StudyHome, openalex: StandInOpenAlex) -> list[str]:
    said: list[str] = []
    land_papers(home, settings(openalex.url, KEY), InLines(said.append))
    return said


def test_months_are_landed_once_and_a_broken_run_goes_on(tmp_path: Path, openalex: StandInOpenAlex) -> None:
    home = StudyHome(study_with(), tmp_path)
    assert [part.name for part in stale_parts(home, settings(openalex.url, KEY))] == ["2010-01", "2010-02"]
    openalex.remaining = 3  # the budget of the day ends after January
    with pytest.raises(OpenAlexError, match="the budget of the day is spent"):
        land(home, openalex)
    assert [(file.source_file, file.kept) for file in paper_files(home)] == [("2010-01", 3)]
    openalex.remaining = 1000
    before = len(openalex.requests)
    said = land(home, openalex)
    assert all("2010-01-01" not in request["filter"] for request in openalex.requests[before:])
    assert said == ["papers 2010-02: 1 works, 1 kept", "papers: 4 of 5 institutions looked up"]
    before = len(openalex.requests)
    assert land(home, openalex) == [] and len(openalex.requests) == before
    assert stale_parts(home, settings(openalex.url, KEY)) == []


def test_a_damaged_month_or_another_question_is_asked_again(
    tmp_path: Path, openalex: StandInOpenAlex
) -> None:
    home = StudyHome(study_with(), tmp_path)
    land(home, openalex)
    (tmp_path / "lake" / "papers" / "works" / "2010-01.parquet").write_bytes(b"broken")
    assert [part.name for part in stale_parts(home, settings(openalex.url, KEY))] == ["2010-01"]
    shorter = StudyHome(replace(home.study, window_end=date(2010, 1, 31)), tmp_path)
    land(shorter, openalex)
    assert [file.source_file for file in paper_files(shorter)] == ["2010-01"]


def test_without_a_key_what_has_landed_is_used_and_nothing_is_asked(
    tmp_path: Path, openalex: StandInOpenAlex
) -> None:
    home = StudyHome(study_with(), tmp_path)
    with pytest.raises(UserError, match="has no papers yet, and OpenAlex needs a key"):
        land_papers(home, settings(), lambda _: None)
    land(home, openalex)
    said: list[str] = []
    landed = land_papers(home, settings(), InLines(said.append))
    assert (landed.read, landed.papers) == (0, 4)
    assert said == ["papers: OPENALEX_API_KEY is not set, so OpenAlex is not asked for new papers"]


def test_a_study_without_papers_asks_nobody(tmp_path: Path, openalex: StandInOpenAlex) -> None:
    home = StudyHome(study(), tmp_path)
    assert land(home, openalex) == [] and openalex.requests == []
    assert not (tmp_path / "lake").exists()


# ---- the snapshot


def snapshot(
    folder: Path, works: list[dict[str, Any]], name: str = "data/works/updated_date=2024-01-15"
) -> Path:
    for place, records in ((name, works), ("data/institutions/updated_date=2024-01-15", INSTITUTIONS)):
        path = folder / place / "part_000.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("".join(json.dumps(one) + "\n" for one in records).encode()))
    return folder


def test_the_snapshot_gives_the_papers_that_the_api_gives(tmp_path: Path, openalex: StandInOpenAlex) -> None:
    of_api, of_files = (
        StudyHome(study_with(), tmp_path / "api"),
        StudyHome(study_with(snapshot(tmp_path / "snapshot", WORKS)), tmp_path / "files"),
    )
    land(of_api, openalex)
    land_papers(of_files, settings(), lambda _: None)
    api, files = (tables(home) for home in (of_api, of_files))
    assert api == files
    assert [row[0] for row in api] == ["W101", "W102", "W103", "W104"]


def tables(home: StudyHome) -> list[Any]:
    con = connect()
    load_lake(con, home, {"lake.papers", "lake.paper_institutions", "lake.paper_files"})
    institutions = "from lake.paper_institutions order by institution_id"
    assert len(con.execute(institutions).fetchall()) == 5
    return con.execute("select * exclude (source_file) from lake.papers order by work_id").fetchall()


def test_damage_in_the_snapshot_is_counted_and_a_later_file_counts(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot", [*WORKS[:2], {**WORKS[2], "id": None}])
    newer = snapshot(
        folder, [{**WORKS[0], "title": "mended"}, *WORKS[3:]], "data/works/updated_date=2025-03-01"
    )
    home = StudyHome(study_with(newer), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    assert [(file.works, file.kept, file.unreadable) for file in paper_files(home)] == [(3, 2, 1), (4, 2, 0)]
    assert [row[:2] for row in tables_of(home)] == [
        ("W101", "mended"),
        ("W102", "Paper 102"),
        ("W104", "Paper 104"),
    ]
    path = folder / "data/works/updated_date=2025-03-01/part_000.gz"
    path.write_bytes(path.read_bytes()[:-30])
    land_papers(home, settings(), lambda _: None)
    assert [file.is_whole for file in paper_files(home)] == [True, False]


def tables_of(home: StudyHome) -> list[Any]:
    con = connect()
    load_lake(con, home, {"lake.papers"})
    return con.execute("select * from lake.papers order by work_id").fetchall()


@pytest.mark.parametrize(
    "name", ["part_001.gz", "part_001", "part_001.jsonl", "part_001.json", "part 1 (1).gz"]
)
def test_files_of_works_are_read_packed_or_not(tmp_path: Path, name: str) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS[:1])
    content = "".join(json.dumps(one) + "\r\n" for one in WORKS[1:]).encode()
    path = folder / "data/works/updated_date=2024-01-15" / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else b"\xef\xbb\xbf" + content)
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    assert [row[0] for row in tables_of(home)] == ["W101", "W102", "W103", "W104"]
    assert [(file.problem, file.is_whole) for file in paper_files(home)] == [(None, True)] * 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("part_001.gz.part", b"\x1f\x8b\x08", "packed by gzip and not named .gz"),
        ("part_001.gz.B3aF9c3d", b"\x1f\x8b\x08", "unfinished downloads"),
        ("part_001.gz.crdownload", b"x", "is an unfinished download"),
        ("part_001.7z", b"7z\xbc\xaf\x27\x1c", "is a 7z archive"),
        ("part_001.zst", b"\x28\xb5\x2f\xfd", "is a Zstandard file"),
        ("part_001.parquet", b"PAR1", "neither gzip nor JSON lines"),
        ("part_001.csv", b"id,title", "neither gzip nor JSON lines"),
    ],
)
def test_a_file_of_works_that_cannot_be_opened_is_named(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    path = folder / "data/works/updated_date=2024-01-15" / name
    path.write_bytes(content)
    home = StudyHome(study_with(folder), tmp_path / "home")
    lines: list[str] = []
    land_papers(home, settings(), InLines(lines.append))
    [problem] = [row[0] for row in paper_table(home, "problem") if row[0]]
    assert said in problem and name in problem
    assert any(problem in line for line in lines)
    assert stale_parts(home, settings()) == []
    path.unlink()
    land_papers(home, settings(), lambda _: None)
    assert paper_table(home, "problem") == [(None,)]


def affiliations_of(home: StudyHome) -> list[Any]:
    con = connect()
    load_lake(con, home, {"lake.papers"})
    rows = con.execute("select unnest(affiliations) from lake.papers where work_id = 'W101'").fetchall()
    return [row[0] for row in rows]


def paper_table(home: StudyHome, column: str) -> list[Any]:
    con = connect()
    load_lake(con, home, {"lake.paper_files"})
    return con.execute(f"select {column} from lake.paper_files order by source_file").fetchall()


def test_files_that_the_manifest_lists_and_that_are_not_there_are_named(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    urls = [f"s3://openalex/data/works/updated_date=2024-01-15/part_00{n}.gz" for n in range(2)]
    manifest = {"entries": [{"url": url, "meta": {"record_count": 4}} for url in urls]}
    (folder / "data/works/manifest").write_text(json.dumps(manifest))
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    problems = [row[0] for row in paper_table(home, "problem")]
    assert problems[0] is None and "part_001.gz is listed in the snapshot's manifest" in problems[1]
    (folder / "data/works/manifest").write_text("no JSON")
    land_papers(home, settings(), lambda _: None)
    assert paper_table(home, "problem") == [(None,)]


@pytest.mark.parametrize(
    "listed",
    [
        "../../../../outside/evil",
        "updated_date=2024-01-15/../../evil.gz",
        "/etc/passwd",
        "a\0b",
        "x" * 999 + "/../y",
        ".",
    ],
)
def test_a_manifest_writes_nothing_outside_the_home(tmp_path: Path, listed: str) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    url = f"s3://openalex/data/works/{listed}"
    (folder / "data/works/manifest").write_text(json.dumps({"entries": [{"url": url}]}))
    home = StudyHome(study_with(folder), tmp_path / "home")
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "home")}
    for _ in range(2):
        land_papers(home, settings(), lambda _: None)
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "home")} == before
    assert [row[0] for row in tables_of(home)] == ["W101", "W102", "W103", "W104"]
    [problem] = [file.problem for file in paper_files(home) if file.problem]
    assert problem.startswith("data/works/manifest lists ") and "which is no file of it" in problem
    assert stale_parts(home, settings()) == []


def test_lists_of_merged_works_are_no_works(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    merged = folder / "data/merged_ids/works/2022-06-07.csv.gz"
    merged.parent.mkdir(parents=True)
    merged.write_bytes(gzip.compress(b"merge_date,id,merge_into_id\n2022-06-07,W1,W2\n"))
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    assert [file.works for file in paper_files(home)] == [len(WORKS)]


def test_an_empty_file_of_works_is_not_whole(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    (folder / "data/works/updated_date=2024-01-15/part_001.gz").write_bytes(b"")
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    assert [file.is_whole for file in paper_files(home)] == [True, False]


@pytest.mark.parametrize(
    ("code", "read_as", "is_odd"),
    [("cn", "CN", False), ("CHN", "CN", True), ("PRC", "CN", True), ("ROC", "TW", True), ("QX", None, True)],
)
def test_the_country_of_an_institution_is_read_as_that_of_an_inventor(
    tmp_path: Path, code: str, read_as: str | None, is_odd: bool
) -> None:
    text = json.dumps(WORKS[0])
    other = {"id": "https://openalex.org/I9", "display_name": "Elsewhere", "country_code": code}
    work = json.loads(text)
    work["authorships"].append({"institutions": [other]})
    only = json.loads(text.replace('"CN"', json.dumps(code))) if read_as == "CN" else WORKS[1]
    only["id"] = "https://openalex.org/W999"
    folder = snapshot(tmp_path / "snapshot", [work, only])
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    countries = {one["country"] for one in affiliations_of(home) if one["institution_id"] == "I9"}
    assert countries == {read_as}
    assert len(tables_of(home)) == 2
    assert [bool(row[0]) for row in paper_table(home, "odd_countries")] == [is_odd]


def test_damaged_institutions_are_refused_and_looked_up_once_they_are_mended(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    path = folder / "data/institutions/updated_date=2024-01-15/part_000.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    home = StudyHome(study_with(folder), tmp_path / "home")
    with pytest.raises(UserError, match=r"part_000\.gz is damaged; download it again"):
        land_papers(home, settings(), lambda _: None)
    path.write_bytes(whole)
    land_papers(home, settings(), lambda _: None)
    assert len(tables(home)) == 4


def test_institutions_are_looked_up_again_when_their_files_change(tmp_path: Path) -> None:
    """A download that was not complete, or a later correction: the places of all papers follow."""
    folder = snapshot(tmp_path / "snapshot", WORKS)
    path = folder / "data/institutions/updated_date=2024-01-15/part_000.gz"
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(json.dumps(INSTITUTIONS[1]).encode()))
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    assert cities(home) == {"Beijing", None}
    assert not institutions_are_stale(home)
    (path.parent / "part_001.gz").write_bytes(whole)
    assert institutions_are_stale(home)
    land_papers(home, settings(), lambda _: None)
    assert cities(home) == {"Nanjing", "Beijing", "Singapore", "Haifa", None}
    path.write_bytes(b"")
    (path.parent / "part_001.gz").write_bytes(
        gzip.compress(gzip.decompress(whole).replace(b"Haifa", b"Jaffa"))
    )
    with pytest.raises(UserError, match=r"part_000\.gz is damaged"):
        land_papers(home, settings(), lambda _: None)
    path.unlink()
    land_papers(home, settings(), lambda _: None)
    assert "Jaffa" in cities(home)


def cities(home: StudyHome) -> set[str | None]:
    return set(known_institutions(home)["city"].to_list())


def test_a_pipe_among_the_files_of_works_is_named_and_not_waited_for(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "snapshot", WORKS)
    os.mkfifo(folder / "data/works/updated_date=2024-01-15/part_009.gz")
    home = StudyHome(study_with(folder), tmp_path / "home")
    land_papers(home, settings(), lambda _: None)
    problems = [file.problem for file in paper_files(home)]
    assert problems[-1].endswith("part_009.gz is no file: remove it")


def test_a_folder_that_is_no_snapshot_is_named(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none", "There is no folder"), (tmp_path, "holds no files of works")):
        with pytest.raises(UserError, match=said):
            land_papers(StudyHome(study_with(path), tmp_path / "home"), settings(), lambda _: None)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('kind = "openalex_snapshot"', "need the path"),
        ('path = "x"', "have no path"),
        ('kind = "scopus"', "papers.kind must be"),
    ],
)
def test_a_study_that_asks_for_papers_wrongly_is_told_the_line(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\nfocal_country = "CN"\nwindow = { start = 2010-01-01 }\npartners = ["SG"]\n[papers]\n'
        + lines,
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=f"line 6: .*{said}"):
        load_study(str(path))


# ---- the tables


def test_papers_are_counted_by_country_region_year_field_and_place(
    tmp_path: Path, openalex: StandInOpenAlex, models: dict[str, Model]
) -> None:
    home = StudyHome(study_with(), tmp_path)
    land(home, openalex)
    con = connect()
    fill_lake(con, home.study, [])
    load_lake(con, home, {"lake.papers", "lake.paper_institutions", "lake.paper_files"})
    wanted = read_by(models, *(name for name in models if name.startswith("marts.papers_by")), PROFILE)
    for name in (name for name in models if name in wanted):
        build_model(con, models[name])
        if not name.startswith("marts"):
            make_from(con, name)
    assert rows(con, "select province, count(distinct work_id) from staging.paper_affiliations group by 1") == [
        ("CN-BJ", 2), ("CN-JS", 2), ("unresolved", 1), (None, 4),
    ]  # fmt: skip
    assert rows(
        con, "select distinct country, partner_region from staging.paper_affiliations where is_partner"
    ) == [
        ("IL", "IL-HA"),
        ("SG", "SG"),
    ]
    assert rows(con, "select country, papers, rank from marts.papers_by_country where scope = 'CN'") == [
        ("IL", 2, 2),
        ("SG", 3, 1),
    ]
    assert rows(con, "select country, papers from marts.papers_by_country where scope = 'CN-JS'") == [
        ("IL", 1),
        ("SG", 1),
    ]
    assert rows(con, "select region, papers from marts.papers_by_region where scope = 'CN'") == [
        ("ASEAN", 3), ("East Asia", 0), ("West Asia", 2),
    ]  # fmt: skip
    assert rows(con, "select year, papers from marts.papers_by_year where scope = 'CN'") == [(2010, 4)]
    assert rows(con, "select field, papers, rank from marts.papers_by_field where scope = 'CN'") == [
        ("Engineering", 2, 1), ("Medicine", 1, 2), ("none", 1, None),
    ]  # fmt: skip
    unresolved = "member = 'unresolved' and dimension = 'province'"
    assert rows(con, f"select count, rank from marts.cooperation_profile where {unresolved}") == [(1, None)]


PROFILE = "marts.cooperation_profile"


def read_by(models: dict[str, Model], *names: str) -> set[str]:
    """The models and all that they read."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in EXTERNAL_TABLES:
            waiting += [source] if (source := EXTERNAL_TABLES[name].source) else []
        elif name not in found:
            found.add(name)
            waiting += models[name].depends_on
    return found


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return con.execute(f"from ({sql}) order by all nulls last").fetchall()
