"""A small bar chart of a mart as SVG, and the one number of it that is worth following from build to build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import product

import duckdb

from bri_pipeline.warehouse.sql_text import named, quoted

MOST_BARS = 12
MEASURES = ("patents", "publications", "applicants", "count", "members", "fractional_patents", "weight")
NUMBERS = ("INT", "DOUBLE", "DECIMAL", "FLOAT")
YEARS = ("year", "from_year", "filing_year")
WIDTH, LABEL, BAR, ROW = 460, 170, 220, 18
LONGEST_LABEL = 26


@dataclass(frozen=True)
class SmallChart:
    """Bars of a mart: what they count, in which scope, and label and value of each; ``total`` is of all rows."""

    measure: str
    label: str
    scope: str | None
    bars: tuple[tuple[str, float], ...]
    total: float

    @property
    def title(self) -> str:
        """What is drawn, e.g. ``patents by country, CN-JS``."""
        return f"{self.measure} by {self.label}" + (f", {self.scope}" if self.scope else "")


def small_chart(
    con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[tuple[str, str, str]], scope: str
) -> SmallChart | None:
    """The chart of a table: its measure by year or by member, in one scope where the table has several.

    Args:
        con: a connection to the table.
        name: ``schema.table``.
        columns: name, DuckDB type and meaning of its columns.
        scope: the scope drawn, e.g. ``CN-JS``; another one where the table has nothing of it.

    Returns:
        null where the table is empty; a table without a number is drawn as rows by its first text.
    """
    types = {column: type_ for column, type_, _ in columns}
    label = _label(types)
    measure = _measure(types, label)
    scopes = _scopes(con, name, scope) if "scope" in types else [None]
    for of, counted in product(scopes, dict.fromkeys((measure, None))):
        rows = _rows(con, name, label, counted, of)
        if rows:
            shown = rows[-MOST_BARS:] if label in YEARS else rows[:MOST_BARS]
            return SmallChart(counted or "rows", label, of, tuple(shown), sum(value for _, value in rows))
    return None


def _scopes(con: duckdb.DuckDBPyConnection, name: str, wanted: str) -> list[str | None]:
    """The scope wanted, then the first there is: some tables have provinces only."""
    [(first,)] = con.execute(f"select min(scope) from {name}").fetchall()
    return [wanted, first]


def _rows(
    con: duckdb.DuckDBPyConnection, name: str, label: str, measure: str | None, scope: str | None
) -> list[tuple[str, float]]:
    where = f"where scope = {quoted(scope)}" if scope else ""
    value = f"sum({named(measure)})" if measure else "count(*)"
    order = "label" if label in YEARS else "value desc, label"
    return con.execute(
        f"select coalesce({named(label)}::varchar, 'none') as label, {value}::double as value from {name} {where} "
        f"group by 1 having value is not null order by {order}"
    ).fetchall()


def as_svg(chart: SmallChart) -> str:
    """The chart as an SVG document without colours of its own but for the bars."""
    highest = max((abs(value) for _, value in chart.bars), default=0) or 1
    height = ROW * len(chart.bars) + 6
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="11" role="img" aria-label="{escape(chart.title, quote=True)}">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    for place, (label, value) in enumerate(chart.bars):
        top = place * ROW + 4
        length = round(BAR * abs(value) / highest, 1)
        lines += [
            f'<text x="{LABEL - 6}" y="{top + 11}" text-anchor="end">{escape(_cut(label))}</text>',
            f'<rect x="{LABEL}" y="{top}" width="{length}" height="{ROW - 5}" fill="#3b6ea5"/>',
            f'<text x="{LABEL + length + 5}" y="{top + 11}">{_number(value)}</text>',
        ]
    return "\n".join([*lines, "</svg>"])


def _label(types: dict[str, str]) -> str:
    for year in YEARS:
        if year in types:
            return year
    texts = [name for name, type_ in types.items() if type_ == "VARCHAR" and not name.startswith("scope")]
    named_ones = [name for name in texts if f"{name}_name" not in types]
    return (named_ones or texts or list(types))[0]


def _measure(types: dict[str, str], label: str) -> str | None:
    usable = [name for name in MEASURES if name in types and name != label]
    numbers = [
        name
        for name, type_ in types.items()
        if type_.removeprefix("U").startswith(("BIG", "HUGE", *NUMBERS)) and name != label
    ]
    return next(iter([*usable, *(name for name in numbers if name not in ("rank", "year"))]), None)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"
