"""Writes an export in one of its formats, or the whole kit that goes beside the report."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal, get_args

from bri_pipeline.export.networks import read_networks, write_graphml, write_vosviewer
from bri_pipeline.export.package import Form, write_package
from bri_pipeline.export.selection import resolved_scope, selection
from bri_pipeline.export.workbook import write_workbook
from bri_pipeline.files.written import remove_gone
from bri_pipeline.progress import Listener, silent
from bri_pipeline.study import Study
from bri_pipeline.warehouse.database import reading, table_names
from bri_pipeline.warehouse.other_version import naming_other_version

Format = Literal["xlsx", "parquet", "csv", "graphml", "vosviewer"]
FORMATS: tuple[Format, ...] = get_args(Format)
FOLDERS: dict[Format, str] = {
    "xlsx": ".",
    "parquet": "parquet",
    "csv": "csv",
    "graphml": "networks",
    "vosviewer": "networks",
}


def write_export(
    published: Path,
    study: Study,
    form: Format,
    out: Path,
    *,
    scope: str | None = None,
    progress: Listener = silent,
) -> list[Path]:
    """Write one format; files of the same name are replaced.

    Args:
        published: the DuckDB file that readers open.
        study: the study the tables were made for.
        form: ``xlsx`` (one workbook), ``parquet`` or ``csv`` (a file per table with ``datapackage.json``),
            ``graphml`` or ``vosviewer`` (a file, or a pair, per network).
        out: folder to write to.
        scope: only this scope; default the whole study.
        progress: takes the tables that are written.

    Returns:
        The files written.

    Raises:
        UserError: there are no published tables yet, another version of the software made them, no such scope, or no
            networks.
    """
    with naming_other_version(published), reading(published) as con:
        scope = resolved_scope(con, scope)
        tables = selection(con, scope)
        if form == "xlsx":
            name = study.name if scope is None else f"{study.name}.{scope}"
            return [write_workbook(con, study, tables, out / f"{name}.xlsx", scope, progress)]
        if form in ("parquet", "csv"):
            text_or_parquet: Form = "csv" if form == "csv" else "parquet"
            return write_package(con, study, tables, out, text_or_parquet, scope, progress)
        networks = read_networks(con, scope)
    if form == "graphml":
        return [write_graphml(network, out / f"{network.name}.graphml") for network in networks]
    return [path for network in networks for path in write_vosviewer(network, out)]


def write_kit(published: Path, study: Study, out: Path, progress: Listener = silent) -> list[Path]:
    """What goes beside the report: all tables as Parquet, the networks, and a workbook of the study's own scope.

    A workbook of every scope takes as long as all the rest of a run, so that one is made by `bri export` only.
    """
    own = study.focal_province or study.focal_country
    with reading(published) as con:
        has_networks = "marts.network_edges" in table_names(con)
        scopes = {scope for (scope,) in con.execute("select scope from core.scopes").fetchall()}
    forms: tuple[Format, ...] = ("parquet", *(("graphml", "vosviewer") if has_networks else ()))
    export = partial(write_export, published, study, progress=progress)
    written = [path for form in forms for path in export(form, out / FOLDERS[form])]
    scope = own if own in scopes else None
    books = export("xlsx", out / FOLDERS["xlsx"], scope=scope)
    remove_gone(out / FOLDERS["xlsx"], {path.name for path in books})
    return [*books, *written]
