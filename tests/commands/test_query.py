"""`bri query`: what it reads and writes, and that nothing typed into it reaches anything else."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from bri_pipeline.commands.query import ROWS_SHOWN, read_sql, run_query
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.database import copy_tables

SECRET = "not for queries"

# Each tries to read or write something that is not a published table. {0} is the folder of all that must be kept.
ATTACKS = """
copy (select 6) to '{0}/s/published.duckdb'
copy (select 6) to '{0}/s/published.duckdb.wal'
copy (select 6) to '{0}/s/published.duckdb.tmp/x'
copy (select 6) to '{0}/new.csv'
copy (select 6 as a) to '{0}/new' (format parquet, partition_by a)
copy (select 6) to '/dev/stdout'
create temp table z (a text); copy z from '{0}/notes.csv'; from z
from read_csv('{0}/notes.csv')
from '{0}/notes.csv'
from '{0}/notes.parquet'
from "{0}/notes.csv"
from read_text('/etc/passwd')
from read_text('file:///etc/passwd')
from read_text('{0}/s/published.duckdb')
from read_blob('{0}/s/published.duckdb.wal')
from glob('{0}/*')
from sniff_csv('{0}/notes.csv')
from parquet_metadata('{0}/notes.parquet')
from parquet_schema('{0}/notes.parquet')
from read_json('{0}/notes.json')
from read_ndjson_objects('{0}/notes.json')
from read_duckdb('{0}/s/warehouse.duckdb')
attach '{0}/s/warehouse.duckdb' as w
attach '{0}/s/warehouse.duckdb' as w (read_only); from w.main.secret
attach '{0}/s/published.duckdb' as p (read_write); create table p.main.t as select 1
attach '{0}/new.duckdb' as n; create table n.t as select 1
attach 'https://127.0.0.1:1/x.duckdb' as w
attach 'sqlite:{0}/x.db' as w
install httpfs
force install httpfs
install httpfs from community
install spatial from 'http://127.0.0.1:1/'
load httpfs
load '{0}/x.duckdb_extension'
update extensions
from 'https://127.0.0.1:1/x.csv'
from read_csv('http://127.0.0.1:1/x.csv')
from read_text('s3://bucket/x')
from read_csv('hf://datasets/x')
export database '{0}/exported'
import database '{0}/exported'
pragma enable_profiling='json'; set profiling_output='{0}/profile.json'; select 1
pragma profile_output='{0}/profile.json'; select 1
set enable_external_access=true; from read_text('/etc/passwd')
reset enable_external_access; from read_text('/etc/passwd')
pragma enable_external_access=true
set global allowed_directories=['/']; from read_text('/etc/passwd')
set lock_configuration=false
reset lock_configuration
set disabled_filesystems=''
reset disabled_filesystems
set temp_directory='{0}/spilled'
set python_enable_replacements=true
set memory_limit='1TB'
set log_query_path='{0}/queries.log'; select 1
set http_logging_output='{0}/http.log'; select 1
call enable_logging(storage='file', storage_path='{0}/logs'); select 1
call enable_profiling(format='json', save_location='{0}/profile.json'); select 1
select getenv('BRI_TEST_SECRET')
create temp macro f() as getenv('BRI_TEST_SECRET'); select f()
create persistent secret s (type s3, key_id 'a', secret 'b')
create persistent secret s in local_file (type http, bearer_token 'a')
create temp macro f(x) as table from read_text(x); from f('/etc/passwd')
from query('from read_text(''/etc/passwd'')')
from query_table('{0}/notes.csv')
from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))
prepare p as from read_text($1); execute p('/etc/passwd')
from sql
from home
from frame_in_this_process
from query_table(['frame_in_this_process'])
from sqlite_scan('{0}/x', 'y')
from postgres_scan('x', 'y', 'z')
from iceberg_scan('{0}/x')
from read_xlsx('{0}/x.xlsx')
.open {0}/s/warehouse.duckdb
.shell ls
.read {0}/notes.csv
drop table marts.numbers
drop schema marts cascade
delete from marts.numbers
insert into marts.numbers values (1)
update marts.numbers set n = 1
alter table marts.numbers rename to other
create table marts.more as select 1
create or replace view marts.numbers as select 1
create macro marts.f() as 1
comment on table marts.numbers is 'changed'
begin; drop table marts.numbers; commit
select 1; drop table marts.numbers
call start_ui()
""".strip().splitlines()


@pytest.fixture
def home(tmp_path: Path) -> StudyHome:
    study = tmp_path / "s.toml"
    study.write_text('name = "s"\nfocal_country = "CN"\nwindow = { start = 2011-01-01 }\npartners = ["SG"]\n')
    return StudyHome(load_study(str(study)), tmp_path / "kept" / "s")


@pytest.fixture
def published(home: StudyHome) -> StudyHome:
    """Ten published numbers, beside files nobody may read and a private warehouse."""
    home.root.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("create table secret as select 42 as x; create schema marts")
        con.execute("create table marts.numbers as select range as n, ['=SG', 'MY'] as codes from range(10)")
    copy_tables(home.warehouse, home.published, ["marts.numbers"])
    folder = home.root.parent
    (folder / "notes.csv").write_text(f"a,b\n{SECRET},2\n")
    (folder / "notes.json").write_text(f'{{"a": "{SECRET}"}}\n')
    pl.DataFrame({"a": [SECRET]}).write_parquet(folder / "notes.parquet")
    return home


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def answer(home: StudyHome, sql: str, output: str | None = "csv", out: Path | None = None) -> str:
    stream = io.StringIO()
    run_query(home, sql, output, out, stream)
    return stream.getvalue()


@pytest.mark.parametrize("attack", ATTACKS, ids=[str(number) for number in range(len(ATTACKS))])
def test_nothing_but_the_published_tables_is_read_or_changed(
    published: StudyHome, attack: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    frame_in_this_process = pl.DataFrame({"a": [SECRET]})
    kept = published.root.parent
    monkeypatch.setenv("BRI_TEST_SECRET", SECRET)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.chdir(kept)
    before = contents(tmp_path)

    with pytest.raises(UserError) as caught:
        answer(published, attack.format(kept))

    assert SECRET not in str(caught.value) and "root:" not in str(caught.value)
    assert len(frame_in_this_process) == 1 and contents(tmp_path) == before
    assert answer(published, "select sum(n) from marts.numbers").splitlines()[-1] == "45"


def test_what_a_query_may_do(published: StudyHome) -> None:
    assert "45" in answer(published, "create temp table t as from marts.numbers; select sum(n) from t")
    assert "numbers" in answer(published, "show all tables")
    assert "n,BIGINT" in answer(published, "describe marts.numbers")
    assert "9" in answer(published, "set schema = 'marts'; select max(n) from numbers")


def test_before_the_first_publication_it_says_so_and_leaves_the_warehouse_alone(home: StudyHome) -> None:
    home.root.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("create table secret as select 42 as x")
    with pytest.raises(UserError, match="no published tables yet"):
        answer(home, "from secret")


@pytest.mark.slow
def test_memory_is_not_spilled_to_disk_and_running_out_of_it_is_a_sentence(
    published: StudyHome, tmp_path: Path
) -> None:
    before = contents(tmp_path)
    sql = "select list(repeat('x', 1000000) || range) from range(10000000)"
    with pytest.raises(UserError, match="needs more memory"):
        answer(published, sql)
    assert contents(tmp_path) == before


def test_a_table_shows_so_many_rows_and_says_that_there_are_more(published: StudyHome) -> None:
    shown = answer(published, f"from range({ROWS_SHOWN + 5})", "table")
    assert "There are more rows than the 10,000 shown" in shown
    assert len(answer(published, f"from range({ROWS_SHOWN + 5})", "csv").splitlines()) == ROWS_SHOWN + 6


# ---- files


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.parquet", "out.txt"])
def test_the_ending_of_the_file_says_its_format(published: StudyHome, tmp_path: Path, name: str) -> None:
    path = tmp_path / "results" / name
    path.parent.mkdir()
    path.write_text("what was there before, much longer than the result " * 100)
    assert answer(published, "from marts.numbers order by n", None, path) == ""
    assert list(path.parent.iterdir()) == [path]
    match path.suffix:
        case ".csv":
            content = path.read_bytes()
            assert content.startswith(b"\xef\xbb\xbfn,codes\n0,'=SG; MY\n")
        case ".json":
            assert path.read_text().splitlines()[0] == '{"n": 0, "codes": ["=SG", "MY"]}'
        case ".parquet":
            assert pl.read_parquet(path)["codes"].to_list()[0] == ["=SG", "MY"]
        case _:
            assert "(10 rows)" in path.read_text()


def test_a_query_that_fails_leaves_the_file_that_was_there(published: StudyHome, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("kept")
    for sql in ("from nothing", "select error('no') from range(30000) where range = 25000"):
        for output in ("csv", "parquet", "json"):
            with pytest.raises(UserError):
                answer(published, sql, output, path)
            assert path.read_text() == "kept"


@pytest.mark.parametrize(
    "name",
    ["folder", "file/below", "x" * 300 + ".csv", "a\0b.csv", "missing/" * 600 + "x.csv"],
)
def test_an_impossible_out_is_a_sentence(published: StudyHome, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match=r"--out .* cannot be"):
        answer(published, "select 1", "csv", tmp_path / name)


@pytest.mark.parametrize(
    "name", ["published.duckdb", "published.duckdb.wal", "warehouse.duckdb", "lake/x.json"]
)
def test_out_does_not_lead_to_what_the_study_is_made_of(
    published: StudyHome, tmp_path: Path, name: str
) -> None:
    before = contents(tmp_path)
    link = tmp_path / "innocent"
    link.symlink_to(published.root)
    for folder in (published.root, published.root / "lake" / "..", link):
        with pytest.raises(UserError, match="own files"):
            answer(published, "select 1", "csv", folder / name)
    link.unlink()
    assert contents(tmp_path) == before


def test_parquet_needs_a_file_and_types_it_can_hold(published: StudyHome, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"--out FILE\.parquet"):
        answer(published, "select 1", "parquet")
    with pytest.raises(UserError, match=r"cast .* to text"):
        answer(published, "select interval 1 month as i", "parquet", tmp_path / "x.parquet")


# ---- where the SQL comes from


def test_sql_comes_from_a_file_or_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "query.sql"
    path.write_bytes("\ufeffselect 'é'".encode())
    assert read_sql(str(path)) == "select 'é'"
    assert read_sql("select 1") == "select 1"
    for given in (None, "-"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"select 2"), encoding="utf-8"))
        assert read_sql(given) == "select 2"


def test_sql_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "query.sql"
    with pytest.raises(UserError, match="There is no file"):
        read_sql(str(path))
    path.write_bytes("select 'é'".encode("latin-1"))
    with pytest.raises(UserError, match="not UTF-8"):
        read_sql(str(path))
    path.write_bytes(b"x" * 2_000_000)
    with pytest.raises(UserError, match="longer than"):
        read_sql(str(path))
    assert read_sql("select '" + "x" * 5000 + "'").startswith("select")
    assert read_sql("select '\0'") == "select '\0'"


# ---- what an analyst left beside the published copy


@pytest.fixture
def log_left_behind(published: StudyHome) -> Iterator[StudyHome]:
    """Somebody opened the published copy for writing, wrote, and was killed."""
    child = os.fork()
    if child == 0:
        con = duckdb.connect(str(published.published))
        con.execute("create table mine as select 1; update marts.numbers set n = 100")
        os._exit(9)
    os.waitpid(child, 0)
    assert (published.root / "published.duckdb.wal").is_file()
    yield published


def test_what_an_analyst_wrote_beside_the_published_copy_is_not_read(log_left_behind: StudyHome) -> None:
    assert answer(log_left_behind, "select sum(n) from marts.numbers").splitlines()[-1] == "45"
    with pytest.raises(UserError, match="mine"):
        answer(log_left_behind, "from mine")


def test_publishing_removes_what_was_left_beside_the_old_copy(log_left_behind: StudyHome) -> None:
    home = log_left_behind
    copy_tables(home.warehouse, home.published, ["marts.numbers"])
    assert sorted(path.name for path in home.root.iterdir()) == ["published.duckdb", "warehouse.duckdb"]
    assert home.published.stat().st_mode & 0o777 == 0o444
    with duckdb.connect(str(home.published), read_only=True) as con:
        assert con.execute("select sum(n) from marts.numbers").fetchall() == [(45,)]


def test_a_log_of_another_version_does_not_stop_a_query(published: StudyHome) -> None:
    (published.root / "published.duckdb.wal").write_bytes(b"the log of another file" * 50)
    assert answer(published, "select sum(n) from marts.numbers").splitlines()[-1] == "45"


def test_text_that_begins_like_a_formula_is_guarded_and_numbers_are_not(published: StudyHome) -> None:
    planted = ["=1+1", "+1", "-1", "@A", "\tx", "\rx", "a\r=1+1", "a=1", "＝1"]
    values = ", ".join(
        f"({index}, '{text}', -1.5, -{index}::decimal(9,2))" for index, text in enumerate(planted)
    )
    text = answer(
        published,
        f'select t as "=t", x, d from (values {values}) as v(i, t, x, d) order by i',
    )
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["'=t", "x", "d"]
    assert [row[0] for row in rows[1:]] == [
        "'=1+1", "'+1", "'-1", "'@A", "'\tx", "'\rx", "a\r=1+1", "a=1", "'＝1",
    ]  # fmt: skip
    assert [row[1:] for row in rows[1:3]] == [["-1.5", "0.00"], ["-1.5", "-1.00"]]


@pytest.mark.parametrize(
    "sql",
    ["from 'https://example.org/a.csv'", "set enable_external_access = true", "create secret s (type s3)"],
)
def test_what_a_query_may_not_do_is_said_and_no_extension_is_advised(published: StudyHome, sql: str) -> None:
    with pytest.raises(UserError, match="A query reads the published tables and nothing else") as raised:
        run_query(published, sql, None, None, io.StringIO())
    assert "INSTALL" not in str(raised.value)


def test_of_several_queries_it_is_said_that_only_the_last_is_shown(
    published: StudyHome, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = io.StringIO()
    run_query(published, "set variable x = 1; select 1 as first; select 2 as second", "csv", None, shown)
    assert shown.getvalue() == "second\n2\n"
    assert capsys.readouterr().err == "There are 2 queries; what follows is the result of the last.\n"
    run_query(published, "create temp table x as select 1 as one; from x", "csv", None, io.StringIO())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_two_columns_of_one_name_are_refused_where_one_would_be_lost(
    published: StudyHome, tmp_path: Path, form: str
) -> None:
    with pytest.raises(UserError, match="two columns called a; give one of them another name"):
        run_query(published, "select 1 as a, 2 as a", form, tmp_path / "x", io.StringIO())
    shown = io.StringIO()
    run_query(published, "select 1 as a, 2 as a", "csv", None, shown)
    assert shown.getvalue().splitlines()[0] == "a,a"
