"""Loads ``sql/**``: every model with its checks, in an order in which they can be built.

``sql/<schema>/<table>.sql`` is the table ``<schema>.<table>``; ``sql/checks/<schema>.<table>/<name>.sql``
is a check of it; ``sql/proofs/`` is read by ``bri_pipeline.trace``. Anything else under ``sql/`` is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.header import Header, Tag, read_header, without_comments
from bri_pipeline.warehouse.model import Check, Column, Model, ModelError, Severity
from bri_pipeline.warehouse.references import table_references

# A table reads its own layer and the layers before it, never a later one.
MODEL_SCHEMAS = ("raw", "staging", "core", "marts")
LAYERS = ("lake", "reference", *MODEL_SCHEMAS, "checks")
MODEL_TAGS = frozenset({"column", "unit", "unique", "not_null", "view"})
CHECK_TAGS = frozenset({"severity"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_models(root: Path) -> dict[str, Model]:
    """All models under ``root``, keyed ``schema.table``, each after those it depends on.

    Raises:
        ModelError: a file out of place, an unknown tag, a reference to a table that does not exist,
            a table read from a later layer, a cycle.
    """
    files = sorted(path for path in root.rglob("*.sql") if not path.is_relative_to(root / "proofs"))
    if not files:
        raise ModelError(f"{root} holds no SQL models; install bri-pipeline again or name the right folder.")
    check_files = [path for path in files if path.is_relative_to(root / "checks")]
    read = [_read_model(path, root) for path in files if path not in check_files]
    models = _in_dependency_order({model.name: model for model in read})
    checks = [_read_check(path, root, models) for path in check_files]
    return {name: _with_checks(models, name, checks) for name in models}


def _read_model(path: Path, root: Path) -> Model:
    parts = path.relative_to(root).with_suffix("").parts
    if len(parts) != 2 or parts[0] not in MODEL_SCHEMAS or not _NAME.fullmatch(parts[1]):
        raise ModelError(
            f"{path}: put a model at sql/<schema>/<table>.sql, the schema one of "
            f"{', '.join(MODEL_SCHEMAS)}, the table in lower case."
        )
    schema, table = parts
    if f"{schema}.{table}" in EXTERNAL_TABLES:
        raise ModelError(f"{path}: {schema}.{table} is made outside SQL; give this model another name.")
    header = read_header(path, MODEL_TAGS)
    model = Model(
        schema=schema,
        table=table,
        description=header.description,
        columns=_columns(header, path),
        unique=tuple(_names(value) for value in header.values("unique")),
        not_null=tuple(name for value in header.values("not_null") for name in _names(value)),
        sql=header.body,
        path=path,
        digest=_digest(header),
        depends_on=table_references(header.body, path),
        checks=(),
        is_view=bool(header.values("view")),
    )
    _refuse_unknown_keys(model)
    return replace(model, checks=tuple(_header_checks(model)))


def _digest(header: Header) -> str:
    """Changes with the query and with what the header says, which goes into the database; not with other comments."""
    said = [header.description, *(f"@{tag.name} {tag.value}" for tag in header.tags)]
    return hashlib.sha256("\n".join([*said, without_comments(header.body)]).encode()).hexdigest()[:12]


def _column(tag: Tag, path: Path) -> Column:
    name, bar, meaning = (part.strip() for part in tag.value.partition("|"))
    if not (_NAME.fullmatch(name) and bar and meaning):
        raise ModelError(f"{path}:{tag.line}: write -- @column name | meaning.")
    return Column(name, meaning)


def _columns(header: Header, path: Path) -> tuple[Column, ...]:
    units = _units(header, path)
    columns = [_column(tag, path) for tag in header.tags if tag.name == "column"]
    if unknown := sorted(units.keys() - {column.name for column in columns}):
        raise ModelError(f"{path}: @unit names {unknown[0]}, which has no @column line; add it.")
    return tuple(replace(column, unit=units.get(column.name, "")) for column in columns)


def _units(header: Header, path: Path) -> dict[str, str]:
    """Column -> unit, from ``-- @unit patents | low, high``."""
    units: dict[str, str] = {}
    for tag in header.tags:
        if tag.name != "unit":
            continue
        unit, bar, names = (part.strip() for part in tag.value.partition("|"))
        if not (unit and bar and names):
            raise ModelError(f"{path}:{tag.line}: write -- @unit unit | column, column.")
        for name in _names(names):
            if name in units:
                raise ModelError(f"{path}:{tag.line}: {name} has two units; a column has one; take one out.")
            units[name] = unit
    return units


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(","))


def _refuse_unknown_keys(model: Model) -> None:
    documented = {column.name for column in model.columns}
    for name in (*model.not_null, *(name for key in model.unique for name in key)):
        if name not in documented:
            raise ModelError(
                f"{model.path}: @unique or @not_null names {name}, which has no @column line; add it."
            )


def _header_checks(model: Model) -> Iterator[Check]:
    for key in model.unique:
        columns = ", ".join(key)
        yield _header_check(
            model,
            f"unique_{'_'.join(key)}",
            f"A row is a value of ({columns}) that occurs more than once.",
            f"select {columns}, count(*) as occurrences\nfrom {model.name}\n"
            "group by all\nhaving count(*) > 1",
        )
    for column in model.not_null:
        yield _header_check(
            model,
            f"not_null_{column}",
            f"A row has no {column}.",
            f"select *\nfrom {model.name}\nwhere {column} is null",
        )


def _header_check(model: Model, name: str, description: str, sql: str) -> Check:
    return Check(name, model.name, description, "error", sql, None, frozenset({model.name}))


def _read_check(path: Path, root: Path, models: Mapping[str, Model]) -> Check:
    parts = path.relative_to(root).with_suffix("").parts
    if len(parts) != 3 or not _NAME.fullmatch(parts[2]):
        raise ModelError(f"{path}: put a check at sql/checks/<schema>.<table>/<name>.sql.")
    if parts[1] not in models:
        raise ModelError(f"{path}: there is no model {parts[1]} to check; rename the folder.")
    header = read_header(path, CHECK_TAGS)
    return Check(
        name=parts[2],
        table=parts[1],
        description=header.description,
        severity=_severity(header, path),
        sql=header.body,
        path=path,
        depends_on=table_references(header.body, path),
    )


def _severity(header: Header, path: Path) -> Severity:
    match header.values("severity"):
        case ["error"]:
            return "error"
        case ["warn"]:
            return "warn"
        case _:
            raise ModelError(f"{path}: say -- @severity error or -- @severity warn, once.")


def _in_dependency_order(models: Mapping[str, Model]) -> dict[str, Model]:
    for model in models.values():
        _refuse_unknown_tables(model, models)
    graph = {name: sorted(_models_before(models, name)) for name in sorted(models)}
    try:
        names = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ModelError(
            f"The models depend on each other in a circle: {circle}. Take one of these out."
        ) from error
    return {name: models[name] for name in names}


def _models_before(models: Mapping[str, Model], name: str) -> set[str]:
    """The models a model reads, itself or through a table that Python makes from one of them."""
    read = models[name].depends_on
    sources = [EXTERNAL_TABLES[table].source for table in read if table in EXTERNAL_TABLES]
    return {table for table in [*read, *sources] if table is not None and table in models}


def _refuse_unknown_tables(model: Model, models: Mapping[str, Model]) -> None:
    for name in sorted(model.depends_on):
        if name not in models and name not in EXTERNAL_TABLES:
            raise ModelError(f"{model.path}: reads {name}, which has no file under sql/; correct the name.")
        layer = name.partition(".")[0]
        if LAYERS.index(layer) > LAYERS.index(model.schema):
            raise ModelError(
                f"{model.path}: {model.schema} may not read the later layer {layer} ({name}); move it to a later one."
            )


def _with_checks(models: Mapping[str, Model], name: str, checks: Iterable[Check]) -> Model:
    """The model with the checks that are in files; they run as soon as the model is built."""
    own = tuple(check for check in checks if check.table == name)
    readable = {name, *_upstream(models, name), *EXTERNAL_TABLES}
    for check in own:
        if unknown := sorted(check.depends_on - readable):
            raise ModelError(
                f"{check.path}: reads {', '.join(unknown)}, which {name} does not depend on, so it may be "
                f"missing or old when the check runs; move the check to a later table."
            )
    return replace(models[name], checks=models[name].checks + own)


def _upstream(models: Mapping[str, Model], name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = _models_before(models, waiting.pop()) - found
        found |= new
        waiting += new
    return found
