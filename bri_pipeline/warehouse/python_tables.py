"""Tables that Python makes from an SQL table where SQL is the wrong tool: one function each, declared here.

Name, meaning, columns and source of each are in ``bri_pipeline.warehouse.external``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from bri_pipeline.resources import resource_dir
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty

if TYPE_CHECKING:
    from bri_pipeline.study import Study

Maker = Callable[[pl.DataFrame, "Study"], pl.DataFrame]


def make_python_table(con: duckdb.DuckDBPyConnection, name: str, study: Study) -> None:
    """Make a table of PYTHON_TABLES from its source as it is now; replaces a table of that name."""
    table = EXTERNAL_TABLES[name]
    made = PYTHON_TABLES[name](con.sql(f"from {table.source}").pl(), study)
    create_empty(con, table)
    con.register("made_by_python", made)
    con.execute(f"insert into {name} by name select * from made_by_python")
    con.unregister("made_by_python")


def _resolved_places(strings: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.places.resolver import resolve_frame
    from bri_pipeline.warehouse.focal_places import resolver_of

    return resolve_frame(resolver_of(study.focal_country), strings)


def _partner_places(strings: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.places.partners import partner_places

    return partner_places(resource_dir("data/reference"), strings)


def _poisson_limits(counts: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.exact import poisson_limits

    return poisson_limits(counts)


def _proportion_limits(proportions: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.exact import proportion_limits

    return proportion_limits(proportions)


def _ratio_tests(pairs: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.exact import ratio_tests

    return ratio_tests(pairs)


def _fisher_tests(tables: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.exact import fisher_tests

    return fisher_tests(tables)


def _poisson_trends(series: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.poisson import fitted_trends

    return fitted_trends(series)


def _applicant_positions(edges: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.applicant_network import applicant_positions

    return applicant_positions(edges)


def _homogeneity(specialisation: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.homogeneity import homogeneity

    return homogeneity(specialisation, study.focal_province)


def _cooperation_likeness(profile: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.cooperation import likeness

    return likeness(profile)


def _cooperation_differences(profile: pl.DataFrame, study: Study) -> pl.DataFrame:
    from bri_pipeline.warehouse.cooperation import differences

    return differences(profile)


PYTHON_TABLES: dict[str, Maker] = {
    "staging.place_resolution": _resolved_places,
    "staging.partner_places": _partner_places,
    "core.poisson_limits": _poisson_limits,
    "core.proportion_limits": _proportion_limits,
    "core.ratio_tests": _ratio_tests,
    "core.fisher_tests": _fisher_tests,
    "core.poisson_trends": _poisson_trends,
    "marts.homogeneity": _homogeneity,
    "marts.applicant_positions": _applicant_positions,
    "marts.cooperation_likeness": _cooperation_likeness,
    "marts.cooperation_differences": _cooperation_differences,
}
