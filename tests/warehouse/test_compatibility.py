"""Other versions and systems: who can read the published copy, and where the requirements can be installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bri_pipeline.warehouse.database import (
    STORAGE_VERSION,
    DamagedDatabase,
    copy_tables,
    damage_of,
    reading,
    writing,
)
from tests.faults.cases import DAMAGE

REPOSITORY = Path(__file__).parents[2]
READER = """
import sys
sys.path.insert(0, sys.argv[1])
import duckdb
with duckdb.connect(sys.argv[2], read_only=True) as con:
    print(duckdb.__version__, con.sql("select sum(n), count(codes) from marts.numbers").fetchall())
"""
GLIBC = ("_2_28", "_2_27", "_2_24", "_2_17", "2014", "_2_12", "2010", "_2_5", "1")
MACOS = ("14_0", "13_0", "12_0", "11_0", "10_15", "10_14", "10_13", "10_12", "10_9")
# sys_platform, platform_system, os_name, platform_machine, and the tags of wheels.
PLATFORMS = {
    "Linux": ("linux", "Linux", "posix", "x86_64", [f"manylinux{version}_x86_64" for version in GLIBC]),
    "Linux on ARM": (
        "linux",
        "Linux",
        "posix",
        "aarch64",
        [f"manylinux{version}_aarch64" for version in GLIBC],
    ),
    "macOS": (
        "darwin",
        "Darwin",
        "posix",
        "arm64",
        [f"macosx_{version}_{cpu}" for version in MACOS for cpu in ("arm64", "universal2")],
    ),
    "macOS on Intel": (
        "darwin",
        "Darwin",
        "posix",
        "x86_64",
        [f"macosx_{version}_{cpu}" for version in MACOS for cpu in ("x86_64", "universal2")],
    ),
    "Windows": ("win32", "Windows", "nt", "AMD64", ["win_amd64"]),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# No wheel yet, and Dagster takes no later version; a compiler makes it from its source.
WITHOUT_WHEEL = {(system, "3.14"): {"watchdog"} for system in ("macOS", "macOS on Intel")}


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


def test_a_file_of_a_newer_duckdb_is_called_so_and_made_again(
    published: Path, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGE["of a newer DuckDB"](published)
    with (
        pytest.raises(
            DamagedDatabase, match="was written by a newer DuckDB than the one installed"
        ) as raised,
        reading(published),
    ):
        pass
    assert "`bri run` makes it again" in str(raised.value)
    assert "newer DuckDB" in str(damage_of(published))
    with writing(published) as con:
        assert con.execute("select count(*) from duckdb_tables()").fetchone() == (0,)
    assert "was written by a newer DuckDB" in caplog.text and "it is made again" in caplog.text


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
    """Every pinned package has a wheel, and what the wheels themselves need on that system is pinned too."""
    environment, without = marker_environment(platform, python), WITHOUT_WHEEL.get((platform, python), set())
    wanted = [
        one
        for one in pinned()
        if one.name not in without and (not one.marker or one.marker.evaluate(environment))
    ]
    wheels = wheels_of(tmp_path, wanted, PLATFORMS[platform][4], python)
    there = {canonicalize_name(wheel["name"]): wheel["version"] for wheel in wheels}
    assert len(there) == len(wanted)
    unmet = [
        f"{wheel} needs {needed}"
        for wheel, needed in needs(wheels, environment)
        if needed.name not in without
        and not needed.specifier.contains(there.get(canonicalize_name(needed.name), "0"), prereleases=True)
    ]
    assert unmet == []


def pinned() -> list[Requirement]:
    """The lines of requirements.txt."""
    text = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [Requirement(line) for line in lines if line]


def marker_environment(platform: str, python: str) -> dict[str, str]:
    """What markers are evaluated with on a system."""
    sys_platform, system, os_name, machine, _ = PLATFORMS[platform]
    return {
        "sys_platform": sys_platform,
        "platform_system": system,
        "os_name": os_name,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def wheels_of(folder: Path, wanted: list[Requirement], tags: list[str], python: str) -> list[dict[str, Any]]:
    """The metadata of the wheel that pip chooses for each requirement; it fails where one has none."""
    listed, report = folder / "requirements.txt", folder / "report.json"
    listed.write_text("\n".join(f"{one.name}{one.specifier}" for one in wanted))
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
    command += ["--only-binary", ":all:", "--python-version", python, "--implementation", "cp"]
    command += [part for tag in tags for part in ("--platform", tag)]
    command += ["--target", str(folder / "t"), "--report", str(report), "-r", str(listed)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return [item["metadata"] for item in json.loads(report.read_text(encoding="utf-8"))["install"]]


def needs(wheels: list[dict[str, Any]], environment: dict[str, str]) -> set[tuple[str, Requirement]]:
    """What each wheel needs on a system, with the extras that others ask of it."""
    extras: dict[str, set[str]] = {canonicalize_name(wheel["name"]): {""} for wheel in wheels}
    found: set[tuple[str, Requirement]] = set()
    for _ in range(3):  # an extra may ask for an extra of another
        for wheel in wheels:
            for needed in map(Requirement, wheel.get("requires_dist") or []):
                asked = extras[canonicalize_name(wheel["name"])]
                if needed.marker and not any(
                    needed.marker.evaluate({**environment, "extra": extra}) for extra in asked
                ):
                    continue
                found.add((wheel["name"], needed))
                extras.setdefault(canonicalize_name(needed.name), {""}).update(needed.extras)
    return found
