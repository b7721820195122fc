"""Reads one scope of a study from the published tables and makes the page's tables and figures of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import duckdb
from altair.utils.schemapi import debug_mode

from bri_pipeline.errors import UserError
from bri_pipeline.report.figures.render import drawn
from bri_pipeline.report.figures.theme import NARROW, NATION, SCOPE, WIDE, Words
from bri_pipeline.report.language import Language
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import TOP, Column, Figure, Table
from bri_pipeline.report.table_texts import texts_of
from bri_pipeline.settings import DEFAULT_STUDY
from bri_pipeline.study import Study, list_studies
from bri_pipeline.warehouse.database import rows_as_dicts

Row = dict[str, Any]
Draw = Callable[[int], dict[str, Any]]
Read = Callable[[str, tuple[object, ...]], Sequence[Mapping[str, Any]]]
"""Runs a query with its parameters."""
# Of the last pages: about a hundred a page, of which half are about the nation or the study.
_REMEMBERED = 500


def remembering(con: duckdb.DuckDBPyConnection) -> Read:
    """Runs queries once, as long as they are remembered: pages of a study ask much the same."""
    return lru_cache(_REMEMBERED)(lambda sql, parameters: rows_as_dicts(con, sql, list(parameters)))


class Reader:
    """One scope in one language.

    Raises:
        UserError: the study can have no such scope; those there are, are listed.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        study: Study,
        scope: str | None,
        language: Language,
        read: Read | None = None,
    ) -> None:
        self.con, self.study = con, study
        self._read = read or remembering(con)
        self.say = language.of_study(
            study.documents,
            [partner.iso2 for partner in study.partners],
            study.territory_names,
            study.focal_country,
        )
        self.texts = texts_of(language.code)
        self.scope = self._known_scope(scope or own_scope(study))

    # -- the scope ------------------------------------------------------------------------------------

    @property
    def nation(self) -> str:
        """Code of the focal country."""
        return self.study.focal_country

    @property
    def is_national(self) -> bool:
        """Whether the page is about the focal country as a whole."""
        return self.scope == self.nation

    @property
    def is_own(self) -> bool:
        """Whether the page is about the scope the study is about."""
        return self.scope == own_scope(self.study)

    @property
    def color(self) -> str:
        """Colour of the scope's marks."""
        return NATION if self.is_national else SCOPE

    @cached_property
    def scopes(self) -> dict[str, Row]:
        """Scopes with patents, by code."""
        return {
            row["scope"]: row for row in self.rows("select * from core.scopes order by patents desc, scope")
        }

    @cached_property
    def provinces(self) -> dict[str, str]:
        """Names of all provinces the study can place, by code."""
        return {
            row["code"]: row["name"]
            for row in self.rows("select code, name from reference.provinces order by all")
        }

    def _known_scope(self, wanted: str) -> str:
        known = {code.upper(): code for code in (self.nation, *self.provinces, *self.scopes)}
        found = known.get(wanted.upper())
        if found is None:
            raise UserError(
                f"There is no scope {wanted!r}; give one there is: {', '.join(self.scopes) or 'none yet'}."
            )
        return found

    @cached_property
    def patents(self) -> int:
        """Patents of the scope."""
        return self.patents_of(self.scope)

    def patents_of(self, scope: str) -> int:
        """Patents of any scope."""
        return int(self.scopes[scope]["patents"]) if scope in self.scopes else 0

    @cached_property
    def name(self) -> str:
        """The scope's name inside a sentence."""
        return self.say.in_sentence(self.scope_name(self.scope))

    @cached_property
    def nation_name(self) -> str:
        """Name of the focal country inside a sentence."""
        return self.say.in_sentence(self.scope_name(self.nation))

    @cached_property
    def title(self) -> str:
        """The study's own title for the scope it is about; else one made from the scope and the partners."""
        if self.is_own and self.say.is_of_tables:
            return self.study.title
        group = f"group.{self.study.partner_group}"
        named = self.say.say(group if self.say.has(group) else "page.group")
        return self.say.say("page.title", scope=self.name, group=named)

    def scope_name(self, scope: str) -> str:
        """Name of a scope in the page's language."""
        if scope == self.nation:
            known = self.rows("select name from reference.countries where iso2 = ?", scope)
            return self.say.country(scope, str(known[0]["name"]) if known else scope)
        return self.province(scope, self.provinces.get(scope, scope))

    def province(self, code: str, name: str) -> str:
        """Name of a province, or of what could not be placed."""
        return (
            self.say.region(code)
            or self.say.term("province", code if code in ("unresolved", "ambiguous") else name)
            or name
        )

    # -- reading --------------------------------------------------------------------------------------

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """The result of a query as dicts."""
        return [dict(row) for row in self._read(sql, parameters)]

    def of_scope(
        self, table: str, scope: str | None = None, order: str = "all", where: str = "true"
    ) -> list[Row]:
        """Rows of a mart for a scope (the page's), in the language of the page."""
        sql = f"select * from {table} where scope = ? and {where} order by {order}"
        return [self.worded(row) for row in self.rows(sql, scope or self.scope)]

    def worded(self, row: Row) -> Row:
        """The row with the names of countries, provinces, regions, fields ... in the page's language.

        ``as_stored`` keeps the row as the tables hold it: commands name values as the tables do.
        """
        row = {**row, "as_stored": row.get("as_stored", row)}
        if row.get("country_name"):
            row["country_name"] = self.say.country(str(row.get("country")), row["country_name"])
        if row.get("province_name"):
            row["province_name"] = self.province(str(row.get("province")), row["province_name"])
        if row.get("scheme") and row.get("field"):
            row["field"] = self.say.term(f"field_{row['scheme']}", row["field"])
        if row.get("city"):
            row["city"] = self.say.city(str(row.get("province")), row["city"]) or self.province(
                "", row["city"]
            )
        for column in ("region", "stage", "place_method", "reason", "severity", "verdict", "method", "city"):
            if isinstance(row.get(column), str):
                row[column] = self.say.term(column, row[column])
        return row

    # -- what the page shows --------------------------------------------------------------------------

    def trace(self, what: str, **cell: object) -> str:
        """The command that shows the publications behind a cell, ready to be pasted into a shell."""
        words = ["bri", "trace"]
        if self.study.name != DEFAULT_STUDY:
            words += ["--study", study_argument(self.study)]
        return shlex.join([*words, what, *(f"{key}={value}" for key, value in cell.items())])

    def table(
        self,
        anchor: str,
        source: str,
        columns: Sequence[tuple[str, Kind]],
        rows: Sequence[Row],
        *,
        title: str = "",
        keys: Sequence[str] = (),
        more: str = "rows",
        top: int = TOP,
        kind: str = "",
        by_rank: bool = True,
        trace: str = "",
        words: Mapping[str, object] | None = None,
    ) -> list[Table]:
        """A table of rows, as a list of one; of none where there are no rows.

        Columns that no row has are left out. ``keys`` make the trace command of the first row; ``words`` are values
        that headings name.
        """
        if not rows:
            return []
        mart = source.rpartition(".")[2]
        shown = [
            Column(name, self.heading(mart, name, **(words or {})), form)
            for name, form in columns
            if any(name in row for row in rows)
        ]
        ranked = [row for row in rows if not (by_rank and "rank" in row and row["rank"] is None)]
        if keys:
            trace = self.trace(mart, **stored(rows[0], keys))
        pinned = [row for row in rows if by_rank and "rank" in row and row["rank"] is None]
        heading = title or self.say.say(f"table.{anchor.partition('.')[0]}", scope=self.name)
        return [
            Table(
                anchor.replace(".", "-"),
                heading,
                source,
                shown,
                ranked,
                trace,
                f"counted.more_{more}",
                top,
                pinned,
                kind,
            )
        ]

    def paired(self, pairs: Mapping[str, str]) -> str:
        """``a: 1; b: 2``."""
        colon, between = self.say.say("lists.colon"), self.say.say("lists.semicolon")
        return between.join(f"{name}{colon}{value}" for name, value in pairs.items())

    def described(self, pairs: Mapping[str, str]) -> Words:
        """What a figure with these marks says to those who do not see it."""
        return Words(self.paired(pairs), self.say.listed(["", ""]), self.say.say("lists.colon"))

    def heading(self, mart: str, column: str, **words: object) -> str:
        """Heading of a column: that of the mart, if it has its own."""
        own = f"column.{mart}_{column}"
        return self.say.say(own if self.say.has(own) else f"column.{column}", **words)

    def figure(
        self,
        name: str,
        title: str,
        words: Words,
        draw: Draw,
        table: str,
        *,
        trace: str = "",
        color: str = "",
    ) -> Figure:
        """A figure drawn twice, for a wide page and for a narrow one."""
        color = color or self.color
        # Altair would validate every part of a chart again and again; a test validates each kind of figure.
        with debug_mode(False):
            wide, narrow = (
                drawn(draw(width), f"{name}-{variant}", color)
                for width, variant in ((WIDE, "wide"), (NARROW, "narrow"))
            )
        return Figure(
            name,
            title,
            self.say.say("figure.described", title=title, values=words.description),
            wide,
            narrow,
            color,
            table,
            trace,
        )


def own_scope(study: Study) -> str:
    """The scope a study is about: its province, or the nation."""
    return study.focal_province or study.focal_country


def study_argument(study: Study) -> str:
    """What follows --study on the page: the name of a shipped study, else the name of its file.

    The folder of the file is left out; the page goes to people who do not have it.
    """
    return study.name if list_studies().get(study.name) == study.path else study.path.name


def stored(row: Row, keys: Sequence[str]) -> Row:
    """Values of a row as the tables hold them; what is null is left out, as a command that names the row does."""
    kept = row.get("as_stored", row)
    return {key: kept[key] for key in keys if kept[key] is not None}
