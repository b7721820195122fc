"""What a file under ``sql/`` may say, and how it is told when it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bri_pipeline.warehouse import Model, ModelError, load_models

HEADER = "-- One row per thing.\n-- @column a | a number\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def load(root: Path, files: dict[str, str]) -> dict[str, Model]:
    return load_models(write(root, files))


def test_a_header_becomes_a_model(tmp_path: Path) -> None:
    models = load(
        tmp_path,
        {
            "core/things.sql": (
                "-- One row per thing,\n-- of any kind.\n--\n-- @column a | a number\n"
                "--   that goes on\n-- @column b | a word\n-- @unique a, b\n-- @not_null a\n-- @view\n\n"
                "-- an ordinary comment\nselect 1 as a, 'x' as b;\n"
            )
        },
    )
    model = models["core.things"]
    assert model.description == "One row per thing, of any kind."
    assert [(column.name, column.description) for column in model.columns] == [
        ("a", "a number that goes on"),
        ("b", "a word"),
    ]
    assert (model.unique, model.not_null, model.is_view) == ((("a", "b"),), ("a",), True)
    assert model.sql == "-- an ordinary comment\nselect 1 as a, 'x' as b"
    assert [(check.name, check.severity) for check in model.checks] == [
        ("unique_a_b", "error"),
        ("not_null_a", "error"),
    ]


def test_columns_have_the_unit_the_header_says(tmp_path: Path) -> None:
    columns = "".join(f"-- @column {name} | {name}\n" for name in "abc")
    text = f"-- One row.\n{columns}-- @unit patents | a,\n--   b\nselect 1 as a"
    model = load(tmp_path, {"core/things.sql": text})["core.things"]
    assert [column.unit for column in model.columns] == ["patents", "patents", ""]


def test_models_come_after_what_they_read(tmp_path: Path) -> None:
    models = load(
        tmp_path,
        {
            "core/a.sql": HEADER + "with c as (select a from staging.z) select a from c",
            "staging/z.sql": HEADER + "select a from raw.hits, (select year from lake.hits) as other",
            "raw/hits.sql": HEADER + "select year as a from lake.hits",
        },
    )
    assert list(models) == ["raw.hits", "staging.z", "core.a"]
    assert models["core.a"].depends_on == {"staging.z"}
    assert models["staging.z"].depends_on == {"raw.hits", "lake.hits"}


def test_the_digest_follows_query_and_header_and_not_other_comments(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        return load(tmp_path, {"core/a.sql": text})["core.a"].digest

    first = digest(HEADER + "select '--a' as a")
    for same in ("select '--a' as a -- a remark", "select\n    '--a' as a", "/* why */ select '--a' as a;"):
        assert digest(HEADER + same) == first
    for other in ("select '--b' as a", "select '--a  ' as a", "select '--a ' as a", "select '--a', 1 as a"):
        assert digest(HEADER + other) != first
    assert digest(HEADER.replace("a number", "a word") + "select '--a' as a") != first


def test_a_check_belongs_to_its_folder(tmp_path: Path) -> None:
    models = load(
        tmp_path,
        {
            "core/a.sql": HEADER + "select 1 as a",
            "checks/core.a/small.sql": (
                "-- A row is small.\n-- @severity warn\nselect a from core.a where a < 2;"
            ),
        },
    )
    [check] = models["core.a"].checks
    assert (check.id, check.severity) == ("core.a/small", "warn")
    assert check.description == "A row is small."
    assert check.sql == "select a from core.a where a < 2"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("core/deep/a.sql", HEADER + "select 1 as a", "sql/<schema>/<table>.sql"),
        ("a.sql", HEADER + "select 1 as a", "sql/<schema>/<table>.sql"),
        ("other/a.sql", HEADER + "select 1 as a", "the schema one of raw, staging, core, marts"),
        ("core/A.sql", HEADER + "select 1 as a", "in lower case"),
        ("core/a.sql", HEADER + "-- @colum b | b\nselect 1 as a", ":3: unknown tag @colum; write one of @column"),
        ("core/a.sql", HEADER + "select 1 as a -- x\n-- @view\n", ":4: a tag below the header"),
        ("core/a.sql", "-- One row.\n-- @column a\nselect 1 as a", ":2: write -- @column name | meaning"),
        ("core/a.sql", HEADER + "-- @unique a, b\nselect 1 as a", "names b, which has no @column line"),
        ("core/a.sql", HEADER + "-- @unit patents\nselect 1 as a", ":3: write -- @unit unit | column"),
        ("core/a.sql", HEADER + "-- @unit patents | b\nselect 1 as a", "@unit names b, which has no @column line"),
        ("core/a.sql", HEADER + "-- @unit x | a\n-- @unit y | a\nselect 1 as a", ":4: a has two units"),
        ("core/a.sql", "-- @column a | b\nselect 1 as a", "must say what one row is"),
        ("core/a.sql", HEADER + "-- afterthought\nselect 1 as a", ":3: prose after a tag"),
        ("core/a.sql", HEADER + "select 1 as a; select 2 as a", "one query"),
        ("core/a.sql", HEADER + "create table b as select 1 as a", "one query"),
        ("core/a.sql", HEADER + "select from where (", "cannot be parsed"),
        ("core/a.sql", HEADER + "select a from things", "things has no schema"),
        ("core/a.sql", HEADER + "select a from 'things.parquet'", "things.parquet has no schema"),
        ("core/a.sql", HEADER + "select a from read_parquet('things.parquet')", "models read tables only"),
        ("core/a.sql", HEADER + "select a from read_csv('things.csv')", "models read tables only"),
        ("core/a.sql", HEADER + "select a from glob('*')", "models read tables only"),
        ("core/a.sql", HEADER + "select a from other.core.things", "names a database"),
        ("core/a.sql", HEADER + "select a from core.things", "reads core.things, which has no file"),
        ("staging/place_resolution.sql", HEADER + "select 1 as a", "made outside SQL"),
        ("checks/core.fine/deep/b.sql", "-- A row.\n-- @severity warn\nselect 1", "put a check at sql/checks/"),
        ("checks/core.b/b.sql", "-- A row.\n-- @severity warn\nselect 1", "no model core.b"),
        ("checks/core.fine/b.sql", "-- A row.\nselect 1", "say -- @severity error or -- @severity warn"),
        ("checks/core.fine/b.sql", "-- A row.\n-- @severity fatal\nselect 1", "say -- @severity error"),
        ("checks/core.fine/b.sql", "-- A row.\n-- @severity warn\n-- @unique a\nselect 1", "unknown tag @unique"),
        ("checks/core.fine/b.sql", "-- A row.\n-- @severity error\n-- @blocking\nselect 1", "unknown tag @blocking"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used_are_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(ModelError) as raised:
        load(tmp_path, {"core/fine.sql": HEADER + "select 1 as a", name: text})
    assert message in str(raised.value)
    assert Path(name).name in str(raised.value)


def test_a_circle_is_named(tmp_path: Path) -> None:
    files = {f"core/{one}.sql": HEADER + f"select a from core.{other}" for one, other in ("ab", "bc", "ca")}
    with pytest.raises(ModelError, match=r"circle: core\.\w -> core\.\w -> core\.\w -> core\.\w"):
        load(tmp_path, files)


def test_a_layer_does_not_read_a_later_one(tmp_path: Path) -> None:
    files = {"staging/a.sql": HEADER + "select a from core.b", "core/b.sql": HEADER + "select 1 as a"}
    with pytest.raises(ModelError, match=r"staging/a\.sql: staging may not read the later layer core"):
        load(tmp_path, files)


def test_a_check_reads_only_what_is_there_when_it_runs(tmp_path: Path) -> None:
    files = {
        "core/a.sql": HEADER + "select 1 as a",
        "core/b.sql": HEADER + "select a from core.a",
        "core/c.sql": HEADER + "select a from core.b",
        "checks/core.c/far.sql": "-- A row.\n-- @severity warn\nselect a from core.a, lake.files, core.c",
    }
    assert len(load(tmp_path, files)["core.c"].checks) == 1
    early = {"checks/core.a/early.sql": "-- A row.\n-- @severity warn\nselect a from core.b"}
    with pytest.raises(ModelError, match=r"early\.sql: reads core\.b, which core\.a does not depend on"):
        load(tmp_path, early)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no SQL models"):
        load_models(tmp_path)
