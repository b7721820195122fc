"""Other versions and systems: who can read the published copy, and where the requirements can be installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.warehouse.database import STORAGE_VERSION, copy_tables

REPOSITORY = Path(__file__).parents[2]
READER = """
import sys
sys.path.insert(0, sys.argv[1])
import duckdb
with duckdb.connect(sys.argv[2], read_only=True) as con:
    print(duckdb.__version__, con.sql("select sum(n), count(codes) from marts.numbers").fetchall())
"""
GLIBC = ("_2_28", "_2_27", "_2_24", "_2_17", "2014", "_2_12", "2010", "_2_5", "1")
MACOS = ("14_0_arm64", "13_0_arm64", "12_0_arm64", "11_0_arm64", "10_9_universal2", "10_13_universal2")
PLATFORMS = {
    "Linux": [f"manylinux{version}_x86_64" for version in GLIBC],
    "macOS": [f"macosx_{version}" for version in MACOS],
    "Windows": ["win_amd64"],
}
# No wheel yet, and Dagster takes no later version; a compiler makes it from its source.
WITHOUT_WHEEL = {("macOS", "3.14"): {"watchdog"}}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Types and compressions of every kind the tables have."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("""
            create schema marts;
            create table marts.numbers as
            select range as n, ['SG', 'MY'] as codes, {'a': 1.5, 'b': [{'c': date '2013-01-03'}]} as nested,
                repeat('text ', (range % 7)::int) as text, range / 3 as share, now() as at
            from range(100000)
        """)
    copy_tables(tmp_path / "warehouse.duckdb", tmp_path / "published.duckdb", ["marts.numbers"])
    return tmp_path / "published.duckdb"


def test_the_published_copy_names_the_storage_version_that_1_2_reads(published: Path) -> None:
    assert STORAGE_VERSION == "v1.2.0"
    with duckdb.connect(str(published), read_only=True) as con:
        [tags] = con.execute(
            "select tags from duckdb_databases() where database_name = 'published'"
        ).fetchall()
    assert "v1.2.0" in str(tags)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.2.2", "1.3.2", "1.4.4"])
def test_older_versions_of_duckdb_read_the_published_copy(
    tmp_path: Path, published: Path, version: str
) -> None:
    folder = tmp_path / "old"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
    if subprocess.run([*pip, f"duckdb=={version}"], capture_output=True).returncode:
        pytest.skip(f"duckdb {version} cannot be installed here")
    reader = [sys.executable, "-c", READER, str(folder), str(published)]
    read = subprocess.run(reader, capture_output=True, text=True)
    assert read.stdout.strip() == f"{version} [(4999950000, 100000)]", read.stderr


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_requirements_resolve_by_wheels(tmp_path: Path, platform: str, python: str) -> None:
    """``pip`` chooses wheels by their tags; markers are looked at for the system and version asked for."""
    system = {"Windows": "win32", "macOS": "darwin", "Linux": "linux"}[platform]
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("\n".join(_that_apply(system, python, WITHOUT_WHEEL.get((platform, python), set()))))
    report = tmp_path / "report.json"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--quiet",
        "--ignore-installed",
        "--no-deps",
    ]
    command += ["--only-binary", ":all:", "--python-version", python]
    command += [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    command += ["--implementation", "cp", "--target", str(tmp_path / "t"), "--report", str(report)]
    done = subprocess.run([*command, "-r", str(wanted)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(json.loads(report.read_text())["install"]) == len(wanted.read_text().splitlines())


def _that_apply(system: str, python: str, left_out: set[str]) -> list[str]:
    """The pinned packages whose markers hold on a system, without their markers."""
    from packaging.requirements import Requirement

    lines = [
        line.partition("#")[0].strip() for line in (REPOSITORY / "requirements.txt").read_text().splitlines()
    ]
    requirements = [Requirement(line) for line in lines if line]
    names = {"win32": ("Windows", "nt"), "darwin": ("Darwin", "posix"), "linux": ("Linux", "posix")}[system]
    environment = {
        "sys_platform": system,
        "platform_system": names[0],
        "os_name": names[1],
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return [
        f"{one.name}{one.specifier}"
        for one in requirements
        if one.name not in left_out and (one.marker is None or one.marker.evaluate(environment))
    ]
