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
from bri_pipeline.trace import trace_text
from bri_pipeline.trace.measures import proof_of_measure
from bri_pipeline.trace.proof import literal, proofs
from bri_pipeline.trace.proven import Proven, prove, worked_out
from bri_pipeline.warehouse.database import reading, rows_as_dicts
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES
from tests.report.warehouse import models, small_study
from tests.trace.walk import same, telling_rows

# tables of made-up hits this small that have no rows; the default study has some of each
EMPTY = {"comparison_ratios", "stage_models", "terms"}


@pytest.fixture(scope="module")
def con(home: StudyHome) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(home.published) as con:
        yield con


def _traced(home: StudyHome, what: str, *cell: str) -> dict[str, Any]:
    return dict(json.loads(trace_text(home, what, cell, "json")))


def _publications(traced: dict[str, Any]) -> list[str]:
    return [row["publication_number"] for row in traced["rows"]]


@pytest.mark.parametrize("value", [0.9192886456908345, 1 / 3, 2.0, 1e-12, 1e300, -0.1])
def test_a_number_put_into_a_proof_is_the_very_number(con: duckdb.DuckDBPyConnection, value: float) -> None:
    con.execute("create or replace temp table ranked as select ?::double as value", [value])
    sql = f"select value > {literal(value)}, value < {literal(value)} from ranked"
    assert con.execute(sql).fetchall() == [(False, False)]


def test_a_counting_that_does_not_divide_a_dimension_is_proved_to_have_no_number(
    con: duckdb.DuckDBPyConnection,
) -> None:
    proof = proofs()["sensitivity_runs"]
    rows = rows_as_dicts(con, f"select * from {proof.name} where reason like 'inventors do not divide%'")
    assert {row["measure"] for row in rows} == {"field_share", "field_rank"}
    for row in rows[:4]:
        assert worked_out(con, proof, row) == {"value": None, "reason": row["reason"]}


def test_a_cell_gives_its_number_and_the_publications_behind_it(home: StudyHome) -> None:
    traced = _traced(home, "by_country", "scope=CN-JS", "country=SG")
    assert traced["value"] == 3
    assert _publications(traced) == ["US1A1", "US2A1", "US4A1"]
    assert traced["rows"][1] == {
        "publication_number": "US2A1",
        "counting": "whole",
        "numerator": 1,
        "denominator": 1,
        "weight": 1,
        "publication_date": "2010-05-06",
        "title": "Title of US2A1",
        "partner_countries": "MY, SG",
        "provinces": "CN-JS",
        "places": "First Last1: Nanjing -> CN-JS (exact, 0.90)",
        "application_number": "2",
        "source_file": "ipab20100506.zip",
    }


@pytest.mark.parametrize(
    ("what", "cell", "said"),
    [
        ("by_country", ("scope=CN-XZ", "country=SG"), r"Tibet \(CN-XZ\) has no patents in this study"),
        (
            "by_country",
            ("scope=cn-xz",),
            r"\(CN-XZ\) has no patents in this study, so marts.by_country has no row",
        ),
        ("by_province", ("province=CN-XZ",), r"\(CN-XZ\) has no patents in this study"),
        (
            "by_country",
            ("scope=CN-JS", "country=UA"),
            r"\(UA\) has no patents in this study.* with scope=CN-JS",
        ),
        ("by_country", ("scope=CN-JX", "country=SG"), "has no patents in this study"),
        ("by_country", ("scope=CN-J", "country=SG"), "did you mean CN-JS"),
    ],
)
def test_a_place_without_patents_is_said_to_have_none(
    home: StudyHome, what: str, cell: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        trace_text(home, what, cell, "table")


def test_every_column_of_every_mart_has_a_proof() -> None:
    documented = {
        name.partition(".")[2]: [column.name for column in model.columns]
        for name, model in models().items()
        if model.schema == "marts" and name != "marts.measures"
    } | {
        name.partition(".")[2]: [column.name for column in table.columns]
        for name, table in EXTERNAL_TABLES.items()
        if name.startswith("marts.")
    }
    proved = {short: [*proof.keys, *proof.columns] for short, proof in proofs().items() if short != "scopes"}
    assert {short: sorted(columns) for short, columns in proved.items()} == {
        short: sorted(columns) for short, columns in documented.items()
    }


@pytest.mark.parametrize("short", proofs())
def test_every_column_is_worked_out_again_from_the_rows_behind_it(
    con: duckdb.DuckDBPyConnection, short: str
) -> None:
    proof = proofs()[short]
    rows = telling_rows(con, proof)
    assert rows or short in EMPTY
    for row in rows:
        found = worked_out(con, proof, row)
        assert {name: value for name, value in found.items() if not same(value, row[name])} == {}, row


def _added_up(proven: Proven) -> bool:
    """Whether every sum and count of a proof is that of the rows it shows; false where it has none."""
    told = False
    for part in proven.parts:
        if part.worked_out in ("SUM(weight)", "COUNT(*)"):
            rows = part.as_dicts()
            total = sum(row["weight"] for row in rows) if "SUM" in part.worked_out else len(rows)
            assert part.value in (None, pytest.approx(total)), (proven.column, part.name)
            told = True
    return told


@pytest.mark.parametrize(
    ("short", "column"),
    [
        (short, column)
        for short, proof in proofs().items()
        for column in ("patents", "papers", "alliances", "publications", "entrants", "count")
        if column in proof.columns and short not in EMPTY
    ],
)
def test_the_rows_shown_add_up_to_the_number(con: duckdb.DuckDBPyConnection, short: str, column: str) -> None:
    proof = proofs()[short]
    if short == "affinity" and column == "publications":
        pytest.skip("sums of sets of countries, not of publications")
    for row in telling_rows(con, proof):
        assert _added_up(prove(con, proof, row, column))


@pytest.mark.parametrize("short", [short for short, proof in proofs().items() if proof.by_python])
def test_what_python_works_out_is_worked_out_again_from_the_rows_shown(
    home: StudyHome, con: duckdb.DuckDBPyConnection, short: str
) -> None:
    table = EXTERNAL_TABLES[proofs()[short].name]
    made = PYTHON_TABLES[table.name](con.sql(f"from {table.source}").pl(), home.study).to_dicts()
    assert made
    keys = proofs()[short].keys
    for row in made[:3]:
        kept = json.loads(trace_text(home, short, [f"{key}={row[key]}" for key in keys], "json"))["row"]
        for column in proofs()[short].by_python:
            assert same(kept[column], row[column])


def test_papers_without_a_known_province_are_listed(home: StudyHome) -> None:
    cell = ("scope=CN", "instrument=papers", "dimension=province", "member=unresolved")
    traced = _traced(home, "cooperation_profile", *cell)
    assert (traced["value"], [row["item"] for row in traced["rows"]]) == (1, ["W3"])
    assert len(_traced(home, "cooperation_profile", *cell, "items")["rows"]) == 3


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
    # five years of 62 countries
    assert len(_traced(home, "summary", "country_years")["rows"]) == 62 * 5


def test_sql_runs_as_it_is_printed(home: StudyHome, con: duckdb.DuckDBPyConnection) -> None:
    cell = ("scope=CN", "field=essential for human life")
    text = trace_text(home, "marts.by_field", cell, "table", with_sql=True)
    assert text.startswith(
        "marts.by_field scope=CN scheme=paper field_code=Essential for human life\npatents = 1\n"
    )
    sql = text[text.index("with ") : text.index(";\n") + 1]
    names = [column[0] for column in con.execute(sql).description or []]
    [row] = con.fetchall()
    assert dict(zip(names, row, strict=True))["publication_number"] == "US3A1"
    assert "(1 row)\n" in text
    assert "select" not in trace_text(home, "marts.by_field", cell, "table").lower().replace("selected", "")


def test_a_formula_is_shown_with_its_numbers_and_the_rows_behind_each(home: StudyHome) -> None:
    traced = _traced(home, "by_country", "scope=CN-JS", "country=SG", "share")
    assert (traced["formula"], traced["with_numbers"]) == ("patents / scope_patents", "3 / 4")
    assert [(number["number"], len(number["rows"])) for number in traced["numbers"]] == [
        ("patents", 3), ("scope_patents", 4),
    ]  # fmt: skip
    text = trace_text(home, "by_country", ("scope=CN-JS", "country=SG", "share"), "table")
    assert "share = patents / scope_patents\n      = 3 / 4 = 0.75\n" in text
    assert "-- scope_patents = COUNT(*) = 4\n" in text
    assert "patents / patents of the scope" in text  # what the header says of it


def test_parts_of_a_patent_are_shown_with_their_weights(home: StudyHome) -> None:
    # US2A1 has an inventor in Singapore and one in Malaysia
    traced = _traced(home, "by_country", "scope=CN-JS", "country=MY", "number=fractional_patents")
    assert traced["value"] == 0.5
    assert [(row["publication_number"], row["numerator"], row["denominator"]) for row in traced["rows"]] == [
        ("US2A1", 1, 2)
    ]
    field = _traced(home, "by_field", "scheme=ipc_section", "field=G", "number=fractional_patents")
    assert {row["publication_number"]: row["weight"] for row in field["rows"]} == {"US2A1": 1, "US4A1": 0.5}


def test_a_province_shows_inventors_with_their_cities_and_how_these_were_placed(home: StudyHome) -> None:
    traced = _traced(home, "by_province", "province=CN-JS")
    places = {row["publication_number"]: row["places"] for row in traced["rows"]}
    assert places["US4A1"] == (
        "First Last1: Beijing -> CN-BJ (exact, 0.90); First Last2: Nanjing -> CN-JS (exact, 0.90)"
    )


def test_csv_has_the_rows_of_every_number(home: StudyHome) -> None:
    text = trace_text(home, "by_country", ("scope=CN-JS", "country=SG", "share"), "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["number"] for row in rows] == ["patents"] * 3 + ["scope_patents"] * 4


def test_growth_traces_to_the_years_it_spans(home: StudyHome) -> None:
    # 2010 to 2013: all but US7A1
    assert _publications(_traced(home, "growth", "base_patents")) == [
        "US1A1",
        "US2A1",
        "US3A1",
        "US4A1",
        "US5A1",
        "US6A1",
    ]


def test_growth_shows_the_years_and_what_is_expected_of_each(home: StudyHome) -> None:
    traced = _traced(home, "growth", "poisson_high")
    assert traced["with_numbers"].startswith("EXP(")
    assert traced["worked_out"] == pytest.approx(traced["value"])
    fitted = next(number for number in traced["numbers"] if number["number"] == "standard_error")["rows"]
    assert [(row["year"], row["patents"]) for row in fitted] == [(2010, 2), (2011, 1), (2012, 1), (2013, 2)]
    assert sum(row["fitted"] for row in fitted) == pytest.approx(6)


def test_concentration_leaves_out_what_is_no_member(home: StudyHome) -> None:
    cell = ("dimension=field", "scheme=paper", "base=memberships", "hhi")
    members = _traced(home, "concentration", *cell)["rows"]
    assert [(row["member"], row["patents"]) for row in members] == [
        ("Electricity", 3), ("Essential for human life", 1), ("Metallurgy", 1), ("Physical", 1),
    ]  # fmt: skip
    assert _traced(home, "concentration", "dimension=country")["with_numbers"] == (
        "8 / CASE WHEN 'patents' = 'patents' THEN 7 ELSE 8 END"
    )


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
        ("nothing", (), "there are: scopes, affinity"),
        ("by_country", ("land=SG",), "its keys: scope, country"),
        ("by_country", ("country=Singapor",), "did you mean Singapore"),
        (
            "by_country",
            ("scope=CN-JS", "country=RU"),
            "no country 'RU' with scope=CN-JS; there are: SG, IN, MY",
        ),
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
    row = rows_as_dicts(con, "select * from marts.by_country limit 1")[0] | {"scope": value, "country": value}
    found = worked_out(con, proofs()["by_country"], row)
    assert (found["patents"], found["country_name"]) == (None, None)
    assert con.execute(f"select {literal(value)}").fetchall() == [(value,)]
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
    assert [row["label"] for row in rows] == ["duplicates"] * 2 + ["patents"] * 7


def test_claim_without_numbers_says_so(home: StudyHome) -> None:
    assert "rests on no number" in trace_text(home, "C10", (), "table")


def test_every_number_of_every_claim_leads_to_its_proof(con: duckdb.DuckDBPyConnection) -> None:
    found = rows_as_dicts(con, "select * from marts.claim_values where found is not null")
    for row in found:
        proved = proof_of_measure(con, row)
        assert proved.column in proved.proof.columns, row
    assert len(found) > 100


def test_every_kind_of_measure_is_worked_out_again(con: duckdb.DuckDBPyConnection) -> None:
    measures = rows_as_dicts(con, "select * from marts.measures where scope in ('CN', 'CN-JS')")
    # one of each kind, with the largest value
    each = {row["measure"]: row for row in sorted(measures, key=lambda row: row["value"])}
    for row in each.values():
        proved = proof_of_measure(con, row)
        proven = prove(con, proved.proof, proved.row, proved.column)
        assert proven.parts, row
        assert proven.is_by_python or same(float(proven.value), row["value"]), row
    assert len(each) > 70


def test_top_members_count_a_patent_once_for_each(home: StudyHome) -> None:
    # SG 3, IN 1, MY 1, US2A1 counting for SG and for MY
    cell = ("measure=by_country.top_patents", "scope=CN-JS", "member=3")
    rows = _traced(home, "measures", *cell)["rows"]
    assert sorted((row["member"], row["publication_number"]) for row in rows) == [
        ("IN", "US6A1"), ("MY", "US2A1"), ("SG", "US1A1"), ("SG", "US2A1"), ("SG", "US4A1"),
    ]  # fmt: skip


def test_nothing_published_or_no_patents(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="bri run"):
        trace_text(StudyHome(small_study(tmp_path), tmp_path), "by_country", (), "table")
