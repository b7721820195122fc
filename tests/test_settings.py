"""Settings: where they come from, and the sentence for each that cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.settings import load_settings
from bri_pipeline.warehouse.database import copy_tables, reading, writing


@pytest.fixture(autouse=True)
def _without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests, and an empty working directory."""
    monkeypatch.chdir(tmp_path)
    names = ("HOME", "STUDY", "ODP_URL", "WORKERS", "MEMORY", "ALERT_WEBHOOK", "LAKE", "CLUSTER")
    for name in (*(f"BRI_{name}" for name in names), "USPTO_API_KEY", "OPENALEX_API_KEY", "BRI_OPENALEX_URL"):
        monkeypatch.delenv(name, raising=False)


def test_settings_come_from_the_environment_then_dot_env(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("BRI_STUDY=live\nUSPTO_API_KEY=from-file\n")
    monkeypatch.setenv("BRI_STUDY", "other")
    monkeypatch.delenv("USPTO_API_KEY", raising=False)
    settings = load_settings()
    assert (settings.study, settings.api_key) == ("other", "from-file")
    assert "from-file" not in repr(settings)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("BRI_ODP_URL", "USPTO_API_KEY"),
        ("BRI_OPENALEX_URL", "OPENALEX_API_KEY"),
        ("BRI_DAGSTER_POSTGRES_URL", "PGPASSWORD"),
    ],
)
def test_a_dot_env_does_not_decide_where_a_key_of_the_environment_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, key: str
) -> None:
    (tmp_path / ".env").write_text(f"{address}=https://user:word@proxy.example/odp\n")
    load_settings()  # nothing to send
    monkeypatch.setenv(key, "of-the-environment")
    with pytest.raises(UserError, match=f"sets {address}, to which {key} of the environment") as refused:
        load_settings()
    assert "word" not in str(refused.value) and "of-the-environment" not in str(refused.value)
    monkeypatch.setenv(address, "https://proxy.example")
    load_settings()
    monkeypatch.delenv(address)
    (tmp_path / ".env").write_text(f"{address}=http://localhost:8080\n")  # another user may listen there
    with pytest.raises(UserError, match=f"sets {address}"):
        load_settings()
    (tmp_path / ".env").write_text(f"{address}=https://proxy.example\n{key}=of-the-file\n")
    monkeypatch.delenv(key)
    load_settings()


def test_a_dot_env_does_not_decide_who_can_run_programs_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("BRI_CLUSTER=tcp://127.0.0.1:8786\n")
    with pytest.raises(UserError, match=r"sets BRI_CLUSTER.* can run programs here.*environment only"):
        load_settings()
    monkeypatch.setenv("BRI_CLUSTER", "tcp://127.0.0.1:8787")
    with pytest.raises(UserError, match="sets BRI_CLUSTER"):
        load_settings()
    monkeypatch.setenv("BRI_CLUSTER", "tcp://127.0.0.1:8786")
    assert load_settings().cluster == "tcp://127.0.0.1:8786"


@pytest.mark.parametrize("name", ["BRI_HOME", "BRI_LAKE"])
@pytest.mark.parametrize("value", ["{} ", " {}", "{}\t", "{}\r"])
def test_no_other_folder_is_used_than_the_one_named_with_blanks_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value.format(tmp_path))
    with pytest.raises(UserError, match=f"{name} is .* with blanks around the name"):
        load_settings()
    monkeypatch.setenv(name, "  ")
    load_settings()  # not given


def test_a_wrong_number_of_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRI_WORKERS", "many")
    with pytest.raises(UserError, match="BRI_WORKERS"):
        load_settings()


def test_an_empty_setting_is_one_that_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load_settings()
    for name in ("BRI_HOME", "BRI_STUDY", "BRI_ODP_URL", "BRI_WORKERS", "BRI_MEMORY", "BRI_ALERT_WEBHOOK"):
        monkeypatch.setenv(name, " ")
    monkeypatch.setenv("USPTO_API_KEY", "")
    assert load_settings() == plain


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BRI_WORKERS", "0"),
        ("BRI_WORKERS", "²"),
        ("BRI_WORKERS", "9" * 10_000),
        ("BRI_MEMORY", "lots"),
        ("BRI_MEMORY", "4"),
        ("BRI_MEMORY", "-4GB"),
        ("BRI_MEMORY", "1MB"),
        ("BRI_MEMORY", "4GB'; drop table x"),
        ("BRI_MEMORY", "9" * 10_000 + "GB"),
        ("BRI_HOME", "/tmp/a\nb"),
        ("BRI_HOME", "/tmp/a\u202eb"),
        ("BRI_HOME", "/tmp/" + "x" * 10_000),
        ("BRI_HOME", "/tmp" + "/long" * 100),
        ("BRI_HOME", "./data%20x"),
        ("BRI_HOME", "/tmp/what?"),
        ("BRI_HOME", "/tmp/studies [a-z]"),
        ("BRI_HOME", "/tmp/a%2fb/c"),
        ("BRI_HOME", "~nobody-here/data"),
        ("BRI_ODP_URL", "api.uspto.gov"),
        ("BRI_ODP_URL", "ftp://api.uspto.gov"),
        ("BRI_ODP_URL", "http://[::1"),
        ("BRI_ODP_URL", "https://host:port/"),
        ("BRI_ODP_URL", "https://host/a b"),
        ("BRI_ODP_URL", "https://host/" + "x" * 10_000),
        ("BRI_ALERT_WEBHOOK", "<script>"),
        ("BRI_LAKE", "/tmp/a\u202eb"),
        ("BRI_LAKE", "~nobody-here/lake"),
        ("BRI_LAKE", "s3://"),
        ("BRI_LAKE", "s3:/bucket/prefix"),
        ("BRI_LAKE", "S3://bucket"),
        ("BRI_LAKE", "s3://key:secret@bucket/prefix"),
        ("BRI_LAKE", "s3://bucket/../other"),
        ("BRI_LAKE", "s3://Bucket/x y"),
        ("BRI_LAKE", "gs://bucket/prefix"),
        ("BRI_LAKE", "file:///srv/lake"),
        ("BRI_CLUSTER", "scheduler:8786"),
        ("BRI_CLUSTER", "tcp://scheduler"),
        ("BRI_CLUSTER", "tcp://:8786"),
        ("BRI_CLUSTER", "tcp://scheduler:0"),
        ("BRI_CLUSTER", "tcp://scheduler:99999"),
        ("BRI_CLUSTER", "tcp://scheduler:8786/path"),
        ("BRI_CLUSTER", "http://scheduler:8786"),
        ("BRI_CLUSTER", "tcp://a b:8786"),
        ("BRI_CLUSTER", "tcp://[::1:8786"),
    ],
)
def test_a_setting_that_cannot_be_is_a_short_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError) as caught:
        load_settings()
    assert str(caught.value).startswith(name)
    assert len(str(caught.value)) < 250 and str(caught.value).isprintable()


@pytest.mark.parametrize(
    "name", ["a#b;c'd\"e &f=g\\h${x}%s 100% 南京é:*<i>@😀", " both /-rf/:memory:/file:x/...", "x" * 200]
)
def test_a_home_of_any_other_name_holds_every_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("BRI_HOME", f"{tmp_path}/{name}")
    root = load_settings().home / "s"
    with open_instance(root) as instance:
        assert list(instance.get_runs(limit=1)) == []
        assert instance.run_retries_enabled  # its settings were found
    with writing(root / "warehouse.duckdb") as con:
        con.execute("create schema marts; create table marts.numbers as select 42 as n")
    copy_tables(root / "warehouse.duckdb", root / "published.duckdb", ["marts.numbers"])
    (root / "published.duckdb.wal").write_bytes(b"somebody's")
    with reading(root / "published.duckdb", closed=True) as con:
        assert con.sql("from marts.numbers").fetchall() == [(42,)]
    assert (root / "dagster" / "history" / "runs.db").is_file()


def test_a_cluster_and_a_lake_are_taken_as_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for address in ("tcp://127.0.0.1:8786", "tcp://scheduler.example:1", "tcp://[::1]:8786"):
        monkeypatch.setenv("BRI_CLUSTER", address)
        assert load_settings().cluster == address
    monkeypatch.setenv("BRI_LAKE", "shared/lake")
    assert load_settings().lake == tmp_path / "shared" / "lake"


@pytest.mark.parametrize("name", ["BRI_ODP_URL", "BRI_ALERT_WEBHOOK", "BRI_CLUSTER", "BRI_LAKE"])
def test_a_secret_that_cannot_be_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, f"{'s3://' if name == 'BRI_LAKE' else ''}user:s3cret@host and more")
    with pytest.raises(UserError) as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)


def test_a_dot_env_file_saved_by_notepad_is_read_and_other_encodings_are_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfBRI_STUDY=live\r\nBRI_WORKERS=2\r\n")
    assert (load_settings().study, load_settings().workers) == ("live", 2)
    file.write_bytes("BRI_STUDY=m\u00fcnchen".encode("cp1252"))
    with pytest.raises(UserError, match=r"\.env, line 1: not UTF-8 text"):
        load_settings()


def bytes_of(limit: str) -> float:
    amount, unit = re.fullmatch(r"([0-9.]+) ?([KMGT]i?B|bytes)", limit).groups()  # type: ignore[union-attr]
    power = " KMGT".index(unit[0])
    return float(amount) * (1024 if "i" in unit else 1000) ** power


def limit_of(con: duckdb.DuckDBPyConnection) -> float:
    [limit] = con.execute("select current_setting('memory_limit')").fetchone() or [""]
    return bytes_of(limit)


def test_duckdb_gets_half_of_the_memory_or_what_the_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect() as con:
        of_the_machine = limit_of(con) / 0.8
    path = tmp_path / "w.duckdb"
    with writing(path) as con:
        assert limit_of(con) == pytest.approx(of_the_machine / 2, rel=0.02)
    monkeypatch.setenv("BRI_MEMORY", "500 MB")
    with reading(path) as con:
        assert limit_of(con) == pytest.approx(500e6, rel=0.01)


@pytest.mark.parametrize("name", ["BRI_ALERT_WEBHOOK", "BRI_ODP_URL", "BRI_HOME", "USPTO_API_KEY"])
def test_a_dot_env_puts_no_variable_of_the_environment_into_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-environment")
    (tmp_path / ".env").write_text(f"{name}=https://proxy.example/${{AWS_SECRET_ACCESS_KEY}}\n")
    with pytest.raises(UserError, match=rf"{name} by \$\{{AWS_SECRET_ACCESS_KEY\}}") as refused:
        load_settings()
    assert "of-the-environment" not in str(refused.value)


def test_a_dot_env_may_name_its_own_lines_and_the_user_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".env").write_text(
        "TEAM=red\nBRI_STUDY=${TEAM}-${KIND:-live}\nBRI_HOME=${HOME}/bri\nX=${Y}\n"
    )
    assert (load_settings().study, load_settings().home) == ("red-live", tmp_path / "bri")


def test_a_line_of_the_env_file_that_cannot_be_read_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text('# mine\nBRI_STUDY=live\nBRI_HOME="/x\n')
    with pytest.raises(UserError, match=r"\.env, line 3: this is no line of the form NAME=value"):
        load_settings()
