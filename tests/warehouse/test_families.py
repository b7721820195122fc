"""Families by earliest priority: what is gathered, followed and kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.warehouse import build_model, load_models
from tests.warehouse.lake import REPOSITORY, Patent, connect, fill_lake
from tests.warehouse.studies import study

MODELS = load_models(REPOSITORY / "sql")
WANTED = ("raw.uspto_hits", "core.hit_decisions", "staging.publications", "core.patent_families")
BOTH = [("CN", "Nanjing"), ("SG", "Singapore")]
Claim = tuple[str, str | None, str | None, date | None]


def patent(number: int, application: str | None, filed: date | None, *related: Claim) -> Patent:
    return Patent(
        f"US{number}A1", date(2012, 3, 4), BOTH, [], application, filed=filed, related=list(related)
    )


def families(
    patents: Sequence[Patent], parents: Sequence[Patent] = ()
) -> dict[str, tuple[str, date | None, int]]:
    with connect() as con:
        fill_lake(con, study(), [("SG", one) for one in patents], others=parents)
        for name in WANTED:
            build_model(con, MODELS[name])
        found = con.execute(
            "select publication_number, family_id, priority_date, applications from core.patent_families"
        ).fetchall()
    return {number: tuple(row) for number, *row in found}  # type: ignore[misc]


def family(one: Patent, *parents: Patent) -> tuple[str, date | None]:
    return families([one], parents)[one.number][:2]


FILED = date(2011, 5, 6)


def test_a_patent_without_priorities_is_a_family_of_its_own() -> None:
    found = families([patent(1, "12345678", FILED), patent(2, None, None)])
    assert found == {"US1A1": ("US 12345678", FILED, 1), "US2A1": ("US US2A1", None, 1)}


def test_the_earliest_claim_counts_and_publications_are_none() -> None:
    one = patent(
        1, "12345678", FILED,
        ("related-publication", "US", "20090000001", date(2009, 1, 1)),
        ("correction", "US", "20090000002", date(2009, 1, 2)),
        ("substitution", "US", "11111111", date(2009, 1, 3)),
        ("provisional", "US", "61/000,123", date(2010, 5, 7)),
        ("foreign-priority", "CN", "201010123456.X", date(2010, 4, 1)),
        ("continuation-in-part", "US", None, date(2010, 1, 1)),
    )  # fmt: skip
    assert families([one]) == {"US1A1": ("CN 201010123456", date(2010, 4, 1), 3)}


def test_us_parents_that_were_landed_are_followed_to_the_end() -> None:
    # the child prints its parent alone; the parent is a division of an older one, with a priority in Japan
    child = patent(1, "13000003", FILED, ("continuation", "US", "12/000,002", None))
    parent = patent(2, "12000002", date(2009, 2, 2), ("division", "US", "9000001", date(2000, 3, 3)))
    oldest = patent(3, "09000001", date(2000, 3, 3), ("foreign-priority", "JP", "11-123", date(1999, 3, 3)))
    assert family(child, parent) == ("US 09000001", date(2000, 3, 3))
    assert families([child, parent], [oldest]) == {
        "US1A1": ("JP 11123", date(1999, 3, 3), 4),
        "US2A1": ("JP 11123", date(1999, 3, 3), 3),
    }


def test_documents_that_name_each_other_are_followed_once() -> None:
    one = patent(1, "13000001", FILED, ("continuation", "US", "13000002", date(2010, 1, 1)))
    other = patent(2, "13000002", date(2010, 1, 1), ("continuation", "US", "13000001", FILED))
    assert set(families([one, other]).values()) == {("US 13000002", date(2010, 1, 1), 2)}


def test_national_phases_of_one_international_application_are_one_family() -> None:
    # the filing date of a national phase is the international one
    filed = date(2009, 7, 8)
    phase = patent(1, "12000001", filed, ("pct", "WO", "PCT/CN09/01234", filed))
    bypass = patent(2, "12000002", FILED, ("continuation", "WO", "PCT/CN2009/001234", filed))
    other = patent(3, "12000003", filed, ("pct", "WO", "PCT/CN1999/001234", filed))
    found = families([phase, bypass, other])
    assert found["US1A1"][:2] == found["US2A1"][:2] == ("WO PCTCN2009001234", filed)
    assert found["US3A1"][0] == "WO PCTCN1999001234"


@pytest.mark.parametrize(
    ("office", "printed", "same"),
    [
        ("KR", "10-2009-0012345", "1020090012345"),
        ("DE", "DE 10 2009 012 345.6", "102009012345.6"),
        ("CN", "2009 1 0123456.7", "200910123456"),
        (None, "GB 0901234.5", "GB0901234.5"),
    ],
)
def test_punctuation_makes_no_other_family(office: str | None, printed: str, same: str) -> None:
    day = date(2009, 1, 2)
    one = patent(1, "12000001", FILED, ("foreign-priority", office, printed, day))
    two = patent(2, "12000002", FILED, ("foreign-priority", office, same, day))
    found = families([one, two])
    assert found["US1A1"] == found["US2A1"]


def test_of_equal_dates_the_office_decides_then_the_number() -> None:
    day = date(2009, 1, 2)
    one = patent(
        1, "12000001", FILED,
        ("foreign-priority", "JP", "2", day),
        ("foreign-priority", "CN", "9", day),
        ("foreign-priority", "CN", "8", day),
    )  # fmt: skip
    assert family(one) == ("CN 8", day)


dates = st.dates(date(2000, 1, 1), date(2011, 12, 31))
claims = st.lists(
    st.tuples(
        st.sampled_from(["foreign-priority", "continuation", "provisional"]),
        st.sampled_from(["US", "JP"]),
        st.integers(10000000, 10000004).map(str),
        dates,
    ),
    max_size=3,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(dates, claims), min_size=1, max_size=5))
def test_no_priority_is_later_than_the_filing_and_a_family_has_one_date(
    wanted: list[tuple[date, list[Claim]]],
) -> None:
    patents = [patent(n, str(10000000 + n), filed, *related) for n, (filed, related) in enumerate(wanted)]
    found = families(patents)
    assert found.keys() == {one.number for one in patents}
    for one in patents:
        assert found[one.number][1] <= one.filed  # type: ignore[operator]
