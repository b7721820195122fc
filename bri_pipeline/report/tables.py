"""The tables of the page: which columns of which mart, in which order, and how to trace a cell of them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bri_pipeline.report.numbers import Kind
from bri_pipeline.settings import DEFAULT_STUDY
from bri_pipeline.study import Study, list_studies

Row = Mapping[str, Any]

TOP = 10


@dataclass(frozen=True)
class Column:
    """A column of a mart, the heading it gets, the kind of its values, and its width in CSS if not the kind's own."""

    name: str
    heading: str
    kind: Kind = "text"
    width: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of one mart as the page shows them: the first ``top`` at once, the rest behind a line to open.

    ``of`` is the number of the paper's table it corresponds to, ``rest`` names the rows behind the line,
    ``pinned`` rows stand at the end and are always shown.
    """

    anchor: str
    title: str
    mart: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    trace: str = ""
    of: str = ""
    rest: str = "rows"
    top: int = TOP
    pinned: Sequence[Row] = ()

    @property
    def first(self) -> Sequence[Row]:
        """The rows shown at once; all, if only a few would be left over."""
        return self.rows if len(self.rows) <= self.top + 2 else self.rows[: self.top]

    @property
    def largest_share(self) -> float:
        """The share that gets the longest bar."""
        return max((row.get("share") or 0 for row in [*self.rows, *self.pinned]), default=0)

    @property
    def others(self) -> Sequence[Row]:
        """The rows behind the line."""
        return self.rows[len(self.first) :]


RANK = Column("rank", "Rank", "rank")
BAR = Column("share", "", "bar")
COUNTS = (
    BAR,
    Column("patents", "Patents", "count"),
    Column("share", "Share", "percent"),
    Column("fractional_patents", "Fractional", "decimal"),
)
COUNTRY_COLUMNS = (
    RANK,
    Column("country_name", "Country"),
    Column("country", "Code", "code"),
    *COUNTS,
    Column("region", "Region"),
)
PROVINCE_COLUMNS = (
    RANK,
    Column("province_name", "Province"),
    Column("province", "Code", "code"),
    *COUNTS,
    Column("patents_min", "At least", "count"),
    Column("patents_max", "At most", "count"),
)
FIELD_COLUMNS = (RANK, Column("field", "Field"), *COUNTS)
CODED_FIELD_COLUMNS = (RANK, Column("field_code", "Code", "code"), Column("field", "Field"), *COUNTS)
REGION_COLUMNS = (
    RANK,
    Column("region", "Region"),
    Column("countries", "Countries", "count"),
    Column("countries_with_patents", "With patents", "count"),
    *COUNTS,
)
YEAR_COLUMNS = (
    Column("year", "Year", "year"),
    Column("patents", "Patents", "count"),
    Column("growth_rate", "Growth", "percent"),
    Column("cumulative", "Cumulative", "count"),
)
GROWTH_COLUMNS = (
    Column("scope_name", "Scope"),
    Column("from_year", "From", "year"),
    Column("to_year", "To", "year"),
    Column("poisson_rate", "Poisson rate", "percent", "7em"),
    Column("poisson_low", "At least", "percent"),
    Column("poisson_high", "At most", "percent"),
    Column("own_offset_rate", "Beyond own growth", "percent"),
    Column("cagr", "Compound rate", "percent"),
    Column("mean_yearly_rate", "Mean yearly rate", "percent"),
    Column("years_skipped", "Years skipped", "count"),
    Column("log_linear_rate", "Log-linear rate", "percent"),
)
STAGE_COLUMNS = (
    Column("scope_name", "Scope"),
    Column("cut", "Cut"),
    Column("stage", "Stage"),
    Column("from_year", "From", "year"),
    Column("to_year", "To", "year"),
    Column("patents", "Patents", "count"),
    Column("mean_per_year", "Mean per year", "decimal"),
    Column("ratio_to_first", "To the first", "decimal"),
)
CONCENTRATION_COLUMNS = (
    Column("scope_name", "Scope"),
    Column("members_are", "Of"),
    Column("members", "Members", "count"),
    Column("cr1", "Largest", "percent"),
    Column("cr3", "Top 3", "percent"),
    Column("cr5", "Top 5", "percent"),
    Column("hhi", "HHI", "number"),
    Column("effective_number", "Effective number", "decimal"),
)
SPECIALISATION_COLUMNS = (
    Column("country_name", "Country"),
    Column("country", "Code", "code"),
    Column("patents", "Patents", "count"),
    Column("expected_patents", "Expected", "decimal"),
    Column("rta", "Advantage", "decimal", "7em"),
)
CLAIM_COLUMNS = (
    Column("claim_id", "Claim", "code", "4.2em"),
    Column("quote", "The paper says", width="24%"),
    Column("published", "Published", width="11%"),
    Column("recomputed", "Recomputed", width="18%"),
    Column("verdict", "Verdict", "verdict"),
    Column("explanation", "Explanation"),
)
DUPLICATE_COLUMNS = (Column("reason", "Reason"), Column("hits", "Hits removed", "count"))
PLACE_COLUMNS = (
    Column("place_method", "Rule"),
    Column("inventors", "Inventors", "count"),
    Column("share", "Share", "percent"),
)
QUARANTINE_COLUMNS = (
    Column("source_file", "File", "code", "18em"),
    Column("document_index", "Document", "count", "7em"),
    Column("reason", "Reason"),
)
CHECK_COLUMNS = (
    Column("id", "Check", "code", "34%"),
    Column("severity", "Severity", width="6em"),
    Column("failing_rows", "Offending rows", "count", "7.5em"),
    Column("description", "What it looks for"),
)
REPRODUCTION_COLUMNS = (
    Column("invariant", "Value", "code"),
    Column("measure", "Measure", "code", "20em"),
    Column("scope", "Scope", "code"),
    Column("member", "Member"),
    Column("expected", "Expected", "number"),
    Column("upper", "Up to", "number"),
    Column("found", "Found", "number"),
    Column("source", "Printed in"),
)


def trace_command(study: Study, what: str, cell: Mapping[str, object] | None = None) -> str:
    """The command that shows the publications behind a cell, ready to be pasted into a shell."""
    words = ["bri", "trace"]
    if study.name != DEFAULT_STUDY:
        words += ["--study", study.name if list_studies().get(study.name) == study.path else str(study.path)]
    words += [what, *(f"{key}={value}" for key, value in (cell or {}).items())]
    return shlex.join(words)


def trace_first(study: Study, what: str, rows: Sequence[Row], keys: Sequence[str]) -> str:
    """The command for the first row, as an example; none if there is no row."""
    return trace_command(study, what, {key: rows[0][key] for key in keys}) if rows else ""
