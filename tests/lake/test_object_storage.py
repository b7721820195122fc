"""Archive and landed files in object storage, moto's in this process: the same lake as on disk, and every refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import duckdb
import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from bri_pipeline.cli import _sentence_of
from bri_pipeline.commands.doctor import examine
from bri_pipeline.commands.doctor_cluster import cluster_findings
from bri_pipeline.commands.quick_check import current_state
from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.files.object_storage import look_at, storage_sentence
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.fetch import download_to_archive
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.source import source_of
from bri_pipeline.lake.weekly import WeeklyFiles
from bri_pipeline.progress import silent
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.lake_tables import load_lake
from tests.archives import ArchiveTruth
from tests.lake.conftest import Lake

Open = Callable[..., Lake]
KEY, SECRET = "AKIDOFNOBODY", "s3cr3t-of-nobody"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    name = f"b{abs(hash(request.node.name)) % 10**9}"
    boto3.client("s3").create_bucket(Bucket=name)
    monkeypatch.setenv("BRI_LAKE", f"s3://{name}/some/prefix")
    return name


def stored(bucket: str) -> dict[str, bytes]:
    """Every object of a bucket."""
    client = boto3.client("s3")
    keys = [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key: client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def timeless(lake: Lake, home: StudyHome) -> list[LandedFile]:
    landed = Lake(lake.study, home, lake.said).land([2013])
    return [replace(file, landed_at="", stored={}) for year in landed.values() for file in year.read]


def publications(home: StudyHome) -> list[tuple[object, ...]]:
    home.root.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(home.warehouse) as con:
        con.execute("create schema if not exists lake")
        load_lake(con, home, {"lake.publications", "lake.files", "lake.read_twice"})
    # Whoever opens the file later knows nothing of object storage.
    with duckdb.connect(home.warehouse) as con:
        assert con.sql("show all tables").fetchall()
        return con.sql(
            "select publication_number, source_file from lake.publications order by all"
        ).fetchall()


def test_a_lake_in_object_storage_is_that_on_disk(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open, bucket: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Archive and landed files there, hits at home; nothing half written, nothing remembered, no key in a log."""
    lake = open_lake(archive)
    on_disk = timeless(lake, lake.study_home)
    study = replace(lake.study, source=replace(lake.study.source, path=None))
    there = StudyHome.of(study, replace(load_settings(), home=tmp_path / "other"))
    for path in archive.folder.rglob("*2013*.*"):
        boto3.client("s3").upload_file(
            str(path),
            bucket,
            f"some/prefix/{study.name}/archive/{path.relative_to(archive.folder).as_posix()}",
        )
    with there.lock(silent):
        landed = timeless(Lake(study, there), there)
    assert [replace(file, problem=None) for file in landed] == [
        replace(file, problem=None) for file in on_disk
    ]
    assert Lake(study, there).hits([2013]) and publications(there) == publications(lake.study_home)
    assert len(publications(there)) > 3
    objects = stored(bucket)
    for path in lake.study_home.landing.rglob("*.parquet"):
        key = f"some/prefix/{study.name}/lake/landing/{path.relative_to(lake.study_home.landing).as_posix()}"
        assert objects.pop(key) == path.read_bytes()
    assert not [key for key in objects if ".tmp" in key or key.endswith(".parquet")]
    assert not WeeklyFiles(there).stale([2013])
    assert SECRET not in caplog.text and not any(SECRET.encode() in content for content in objects.values())


def test_what_breaks_off_leaves_the_object_before(bucket: str) -> None:
    path = load_settings().lake
    assert path is not None
    with replacing(path / "a.json") as temporary:
        temporary.write_text("before")
    with pytest.raises(RuntimeError), replacing(path / "a.json") as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert stored(bucket) == {"some/prefix/a.json": b"before"}


def test_an_object_that_comes_or_changes_is_noticed(tmp_path: Path, bucket: str) -> None:
    study, settings = load_study("jiangsu-2018"), replace(load_settings(), home=tmp_path)
    home, client = StudyHome.of(study, settings), boto3.client("s3")

    def state() -> str:
        return current_state(home, settings, [2013], ["SG"])

    seen = [state()]
    for content in (b"one", b"two"):
        client.put_object(Bucket=bucket, Key=f"some/prefix/{study.name}/archive/x.zip", Body=content)
        seen.append(state())
    assert len(set(seen)) == 3 and state() == seen[-1]


def settings_for(monkeypatch: pytest.MonkeyPatch, address: str) -> Settings:
    monkeypatch.setenv("BRI_LAKE", address)
    return load_settings()


def test_storage_that_cannot_be_used_is_said_without_its_keys(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = load_study("worked-example")
    usable = StudyHome.of(study, replace(load_settings(), home=tmp_path))
    assert [finding.line for finding in cluster_findings(usable, load_settings())] == [
        f"ok     archive and landed files in {usable.lake} (BRI_LAKE)"
    ]
    missing = settings_for(monkeypatch, "s3://there-is-no-such-bucket").lake
    with pytest.raises(UserError, match="no bucket of s3://there-is-no-such-bucket"):
        look_at(missing or Path())
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(S3FileSystem, "retries", 1)
    S3FileSystem.clear_instance_cache()  # a connection is kept for a process, with its address
    nobody = settings_for(monkeypatch, "s3://nobody-answers").lake
    with pytest.raises(UserError, match=r"s3://nobody-answers/? cannot be reached") as unreachable:
        look_at(nobody or Path())
    elsewhere = replace(load_settings(), home=tmp_path)
    with pytest.raises(Exception) as raw:
        StudyHome.of(study, elsewhere).landing.joinpath("x").read_text()
    assert "object storage cannot be reached" in (storage_sentence(raw.value) or "")
    [*_, said] = examine(elsewhere, "worked-example")
    assert "error  BRI_LAKE: s3://nobody-answers/" in said.line and "cannot be reached" in said.line
    S3FileSystem.clear_instance_cache()
    assert SECRET not in str(unreachable.value) and KEY not in str(unreachable.value)


def test_what_is_not_done_in_object_storage_is_refused(bucket: str, tmp_path: Path) -> None:
    settings = replace(load_settings(), home=tmp_path)
    live = StudyHome.of(load_study("live"), settings)
    with pytest.raises(UserError, match="Nothing is downloaded into object storage"):
        download_to_archive(live, settings, None, [2013], silent)
    tables = replace(live.study, source=replace(live.study.source, kind="patentsview_tables"))
    with pytest.raises(UserError, match="only those can be kept in object storage"):
        source_of(StudyHome.of(tables, settings), settings)


def test_without_the_extra_its_installation_is_said(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bri_pipeline.settings.find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"pip install 'bri-pipeline\[s3\]'"):
        load_settings()


def test_a_refusal_in_the_middle_is_said_without_the_servers_words(bucket: str) -> None:
    """s3fs makes errors of Python's own of them, which hold what the server said."""
    with pytest.raises(FileNotFoundError) as error:
        S3FileSystem().call_s3("get_object", Bucket=bucket, Key="none")
    for one in (
        error.value,
        PermissionError(13, f"Credential={KEY}").with_traceback(error.value.__traceback__),
    ):
        said = _sentence_of(one)
        assert said and said.startswith(f"BRI_LAKE: object storage cannot be reached ({type(one).__name__}).")
        assert KEY not in said
