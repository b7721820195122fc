from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.trace import queries as q
from bri_pipeline.trace import trace_text
from bri_pipeline.trace.measures import measure_query
from bri_pipeline.warehouse.database import reading, rows_as_dicts
from tests.report.warehouse import small_study

# every table with a column patents, and the columns that tell its rows apart
KEYS = {
    "by_country": ("scope", "country"),
    "by_province": ("province",),
    "by_city": ("scope", "province", "city"),
    "by_applicant": ("scope", "applicant"),
    "affinity": ("country",),
    "by_region": ("scope", "region"),
    "by_partner_region": ("scope", "country", "partner_region"),
    "by_year": ("scope", "year"),
    "by_field": ("scope", "scheme", "field_code"),
    "stages": ("scope", "method", "position"),
    "specialisation": ("scope", "dimension", "scheme", "member"),
    "ownership": ("scope", "period", "ownership"),
    "network_edges": ("network", "source", "target"),
    "field_countries": ("scope", "scheme", "field_code", "country"),
    "terms": ("scope", "slice_kind", "slice", "term"),
    "scopes": ("scope",),
    "summary": (),
}
# numbers of measures that count rows of something
COUNTS = {
    "patents", "patents_certain", "patents_with_candidates", "patents_with_unplaced", "cumulative",
    "top_patents", "nth_patents", "after_patents", "members",
    "total_patents", "hits", "duplicates", "countries", "countries_listed", "countries_searched",
    "countries_with_patents",
}  # fmt: skip


@pytest.fixture(scope="module")
def con(home: StudyHome) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(home.published) as con:
        yield con


def _traced(home: StudyHome, what: str, *cell: str) -> dict[str, Any]:
    return dict(json.loads(trace_text(home, what, cell, "json")))


def _publications(traced: dict[str, Any]) -> list[str]:
    return [row["publication_number"] for row in traced["rows"]]


def test_a_cell_gives_its_number_and_the_publications_behind_it(home: StudyHome) -> None:
    traced = _traced(home, "by_country", "scope=CN-JS", "country=SG")
    assert traced["value"] == 3
    assert _publications(traced) == ["US1A1", "US2A1", "US4A1"]
    assert traced["rows"][1] == {
        "publication_number": "US2A1",
        "publication_date": "2010-05-06",
        "title": "Title of US2A1",
        "partner_countries": "MY, SG",
        "provinces": "CN-JS",
        "application_number": "2",
        "source_file": "ipab20100506.zip",
    }


def test_every_mart_that_counts_patents_can_be_traced(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select distinct table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'patents'"
    ).fetchall()
    # marts.counts has no trace of its own yet; its numbers are those of the wide marts
    untraced = {"counts"}
    assert {name for (name,) in found} - untraced == KEYS.keys() - {"scopes"}


@pytest.mark.parametrize("table", KEYS)
def test_every_cell_has_as_many_rows_as_it_says(
    home: StudyHome, con: duckdb.DuckDBPyConnection, table: str
) -> None:
    schema = "core" if table == "scopes" else "marts"
    cells = rows_as_dicts(con, f"select * from {schema}.{table}")
    assert cells or table == "terms"  # no word stands in five of its titles
    for cell in cells:
        traced = _traced(home, table, *(f"{key}={cell[key]}" for key in KEYS[table]))
        assert traced["value"] == cell["patents"]
        assert len(traced["rows"]) == cell["patents"], cell
        assert len(set(_publications(traced))) == cell["patents"]


def test_entrants_and_comparison_groups_have_as_many_rows_as_they_say(
    home: StudyHome, con: duckdb.DuckDBPyConnection
) -> None:
    for cell in rows_as_dicts(con, "select * from marts.comparison"):
        keys = [f"{key}={cell[key]}" for key in ("scope", "year", "comparison_group")]
        assert len(_traced(home, "comparison", *keys)["rows"]) == cell["publications"]
    for cell in rows_as_dicts(con, "select * from marts.entrants"):
        for number in ("entrants", "applicants"):
            traced = _traced(home, "entrants", f"scope={cell['scope']}", f"year={cell['year']}", number)
            assert len(traced["rows"]) == cell[number]


@pytest.mark.parametrize("instrument", ["alliances", "papers"])
@pytest.mark.parametrize("dimension", ["country", "region", "year", "field"])
def test_every_count_of_papers_and_alliances_has_as_many_rows(
    home: StudyHome, con: duckdb.DuckDBPyConnection, instrument: str, dimension: str
) -> None:
    if (instrument, dimension) == ("alliances", "field"):
        pytest.skip("alliances have no field")
    table = f"{instrument}_by_{dimension}"
    cells = rows_as_dicts(con, f"select * from marts.{table} where scope in ('CN', 'CN-JS')")
    assert any(cell[instrument] for cell in cells)
    for cell in cells:
        numbers = [instrument, "cumulative"] if "cumulative" in cell else [instrument]
        for number in numbers:
            traced = _traced(home, table, f"scope={cell['scope']}", f"{dimension}={cell[dimension]}", number)
            assert len(traced["rows"]) == cell[number] == traced["value"], cell


def test_every_count_of_the_cooperation_profile_has_as_many_rows(
    home: StudyHome, con: duckdb.DuckDBPyConnection
) -> None:
    cells = rows_as_dicts(
        con, "select * from marts.cooperation_profile where member != 'unresolved' and scope = 'CN'"
    )
    assert {cell["instrument"] for cell in cells} == {"patents", "papers", "alliances"}
    for cell in cells:
        keys = [f"{key}={cell[key]}" for key in ("scope", "instrument", "dimension", "member")]
        traced = _traced(home, "cooperation_profile", *keys)
        assert len(traced["rows"]) == cell["count"] == traced["value"], cell
    keys = ["scope=CN", "instrument=papers", "dimension=province", "member=unresolved"]
    assert len(_traced(home, "cooperation_profile", *keys, "items")["rows"]) == 3
    with pytest.raises(UserError, match="papers without a known province cannot be listed"):
        _traced(home, "cooperation_profile", *keys)


def test_bounds_of_a_province(home: StudyHome) -> None:
    # Taizhou of US3A1 may be in Jiangsu; nobody knows where US5A1 is from; US4A1 was placed, in Beijing and in Nanjing
    certain = _publications(_traced(home, "by_province", "province=CN-JS", "patents_certain"))
    assert certain == ["US1A1", "US2A1", "US4A1", "US6A1"]
    candidates = _publications(_traced(home, "by_province", "province=Jiangsu", "patents_with_candidates"))
    assert candidates == ["US1A1", "US2A1", "US3A1", "US4A1", "US6A1"]
    unplaced = _publications(_traced(home, "by_province", "province=Jiangsu", "number=patents_with_unplaced"))
    assert unplaced == ["US1A1", "US2A1", "US3A1", "US4A1", "US5A1", "US6A1"]
    assert _publications(_traced(home, "by_province", "province=ambiguous")) == ["US3A1"]
    # Taizhou is in Jiangsu or in Zhejiang, so US3A1 is not of Beijing whatever nobody knows
    beijing = _traced(home, "by_province", "province=CN-BJ", "number=patents_with_unplaced")
    assert (beijing["value"], _publications(beijing)) == (2, ["US4A1", "US5A1"])


def test_cumulative_counts_up_to_the_year(home: StudyHome) -> None:
    traced = _traced(home, "by_year", "year=2011", "cumulative")
    assert traced["value"] == 3
    assert _publications(traced) == ["US1A1", "US2A1", "US3A1"]


def test_summary_traces_hits_duplicates_and_patents(home: StudyHome) -> None:
    duplicates = _traced(home, "summary", "duplicates")
    assert duplicates["value"] == 2
    assert [(row["publication_number"], row["country"], row["reason"]) for row in duplicates["rows"]] == [
        ("US2A1", "SG", "same publication under several countries"),
        ("US8A9", "IN", "correction"),
    ]
    for number, rows in (("hits", 9), ("patents", 7), ("countries_listed", 65), ("countries_searched", 62)):
        traced = _traced(home, "summary", number)
        assert (traced["value"], len(traced["rows"])) == (rows, rows)
    with pytest.raises(UserError, match="No publications stand behind country_years"):
        trace_text(home, "summary", ("country_years",), "table")


def test_sql_runs_as_it_is_printed(home: StudyHome, con: duckdb.DuckDBPyConnection) -> None:
    text = trace_text(home, "marts.by_field", ("scope=CN", "field=essential for human life"), "table")
    assert text.startswith(
        "marts.by_field scope=CN scheme=paper field_code=Essential for human life\npatents = 1\n"
    )
    sql = text[text.index("select\n") : text.index(";\n") + 1]
    assert [row[0] for row in con.execute(sql).fetchall()] == ["US3A1"]
    assert text.endswith("(1 row)\n")


def test_growth_traces_to_the_years_it_spans(home: StudyHome) -> None:
    # 2010 to 2013: all but US7A1
    assert _publications(_traced(home, "growth")) == ["US1A1", "US2A1", "US3A1", "US4A1", "US5A1", "US6A1"]


def test_concentration_leaves_out_what_is_no_member(home: StudyHome) -> None:
    assert "US5A1" not in _publications(_traced(home, "concentration", "dimension=field", "scheme=paper"))
    assert len(_publications(_traced(home, "concentration", "dimension=country"))) == 7


@pytest.mark.parametrize(
    ("what", "cell", "table", "key"),
    [
        ("table1", ("country=SG",), "marts.by_country", {"scope": "CN", "country": "SG"}),
        ("table2", ("province=CN-BJ",), "marts.by_province", {"province": "CN-BJ"}),
        ("Table3", ("country=Singapore",), "marts.by_country", {"scope": "CN-JS", "country": "SG"}),
        (
            "table4",
            ("field=Physical",),
            "marts.by_field",
            {"scope": "CN-JS", "scheme": "paper", "field_code": "Physical"},
        ),
        ("figure1", ("year=2010",), "marts.by_year", {"scope": "CN", "year": 2010}),
        ("figure4", ("region=asean",), "marts.by_region", {"scope": "CN-JS", "region": "ASEAN"}),
        ("stages", ("stage=late",), "marts.stages", {"scope": "CN", "method": "study", "position": 2}),
        ("by_year", ("scope=jiangsu", "year=2013"), "marts.by_year", {"scope": "CN-JS", "year": 2013}),
    ],
)
def test_names_defaults_and_the_papers_numbering(
    home: StudyHome, what: str, cell: tuple[str, ...], table: str, key: dict[str, Any]
) -> None:
    traced = _traced(home, what, *cell)
    assert (traced["table"], traced["cell"]) == (table, key)


def test_unfinished_cell_lists_what_there_is(home: StudyHome) -> None:
    text = trace_text(home, "by_country", ("scope=CN-JS",), "table")
    assert "Which country?" in text
    assert "bri trace by_country scope=CN-JS country=SG" in text
    assert "MY       Malaysia" in text
    choices = json.loads(trace_text(home, "specialisation", (), "json"))
    assert choices["cell"] == {"scope": "CN-JS", "dimension": "country", "scheme": None}
    assert choices["missing"] == "member"
    rows = list(csv.DictReader(io.StringIO(trace_text(home, "concentration", ("scope=CN",), "csv"))))
    assert {row["dimension"] for row in rows} == {
        "country", "region", "province", "city", "field", "applicant",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("what", "cell", "message"),
    [
        ("by_contry", (), "did you mean by_country"),
        ("nothing", (), "there are: summary, by_country"),
        ("by_country", ("land=SG",), "its keys: scope, country"),
        ("by_country", ("country=Singapor",), "did you mean Singapore"),
        (
            "by_country",
            ("scope=CN-JS", "country=RU"),
            "no country 'RU' with scope=CN-JS; there are: SG, IN, MY",
        ),
        ("by_country", ("scope=CN-XZ",), "no scope 'CN-XZ'"),
        ("by_country", ("country=SG", "country=IN"), "give country once"),
        ("by_country", ("country=",), "give country once, with a value"),
        ("by_country", ("country=SG", "shares"), "did you mean share?"),
        ("by_country", ("country=SG' or 1=1 --",), "no country"),
        ("C99", (), "no claim 'C99'"),
        ("C19", ("scope=CN",), "by its id alone"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    home: StudyHome, what: str, cell: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UserError) as error:
        trace_text(home, what, cell, "table")
    assert message in str(error.value)


@pytest.mark.parametrize("value", ["Cote d'Ivoire", "x'); drop table core.patents; --", 'a "quoted" \\ name'])
def test_values_are_quoted(con: duckdb.DuckDBPyConnection, value: str) -> None:
    conditions = [
        q.with_region(value),
        q.in_scope(value),
        q.possibly_in_province(value),
        q.with_field(value, value),
    ]
    assert con.execute(q.publications(*conditions)).fetchall() == []
    assert (
        con.execute(
            q.memberships("country", "core.patent_countries", f"counted.country in {q.one_of([value])}")
        ).fetchall()
        == []
    )
    assert con.execute("select count(*) from core.patents").fetchall() == [(7,)]


def test_claim_gives_each_number_it_rests_on(home: StudyHome) -> None:
    traced = _traced(home, "c19")
    assert [number["label"] for number in traced["numbers"]] == [
        "Table 2", "stages", "patents", "sum of Table 3", "sum of Table 4",
    ]  # fmt: skip
    # the stages end before 2014; US2A1 has two partner countries
    four = ["US1A1", "US2A1", "US4A1", "US6A1"]
    assert [sorted(_publications(number)) for number in traced["numbers"]] == [
        four, four, four, sorted([*four, "US2A1"]), four,
    ]  # fmt: skip
    text = trace_text(home, "C08", (), "table")
    assert "verdict: differs" in text
    assert "-- duplicates: 2" in text
    rows = list(csv.DictReader(io.StringIO(trace_text(home, "C08", (), "csv"))))
    assert [row["number"] for row in rows] == ["duplicates"] * 2 + ["patents"] * 7


def test_claim_without_numbers_says_so(home: StudyHome) -> None:
    assert "rests on no number" in trace_text(home, "C10", (), "table")


def test_every_number_of_every_claim_has_its_rows(home: StudyHome, con: duckdb.DuckDBPyConnection) -> None:
    claims = con.execute("select distinct claim_id from marts.claim_values").fetchall()
    counted = 0
    for (claim_id,) in claims:
        for number in _traced(home, claim_id)["numbers"]:
            assert (number["sql"] is None) == (number["found"] is None)
            if number["found"] is not None and number["measure"].rpartition(".")[2] in COUNTS:
                assert len(number["rows"]) == number["found"], number["measure"]
                counted += 1
    assert counted > 40


def test_every_measure_of_the_nation_and_the_province_can_be_traced(con: duckdb.DuckDBPyConnection) -> None:
    measures = rows_as_dicts(con, "select * from marts.measures where scope in ('CN', 'CN-JS')")
    # one of each kind, with the largest value
    each = {(row["measure"], row["scope"]): row for row in sorted(measures, key=lambda row: row["value"])}
    for row in each.values():
        rows = con.execute(measure_query(con, row)).fetchall()
        if row["measure"].rpartition(".")[2] in COUNTS:
            assert len(rows) == row["value"], row
    assert len(each) > 100


def test_top_members_count_a_patent_once_for_each(home: StudyHome) -> None:
    # SG 3, IN 1, MY 1, US2A1 counting for SG and for MY
    cell = ("measure=by_country.top_patents", "scope=CN-JS", "member=3")
    rows = _traced(home, "measures", *cell)["rows"]
    assert [(row["country"], row["publication_number"]) for row in rows] == [
        ("IN", "US6A1"), ("MY", "US2A1"), ("SG", "US1A1"), ("SG", "US2A1"), ("SG", "US4A1"),
    ]  # fmt: skip


def test_nothing_published_or_no_patents(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="bri run"):
        trace_text(StudyHome(small_study(tmp_path), tmp_path), "by_country", (), "table")
