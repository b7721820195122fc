"""What is missing or wrong on this machine, and how to mend it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from bri_pipeline.errors import UserError
from bri_pipeline.settings import Settings
from bri_pipeline.study import load_study

NEEDED = (
    "dagster",
    "dagster-duckdb",
    "dagster-webserver",
    "duckdb",
    "hyperscan",
    "isal",
    "jinja2",
    "lxml",
    "numpy",
    "polars",
    "pyarrow",
    "rapidfuzz",
    "requests",
    "sqlglot",
)
DAGSTER_TOGETHER = {"dagster": "1.13.27", "dagster-webserver": "1.13.27", "dagster-duckdb": "0.29.27"}
LOW_DISK_BYTES = 2 * 10**9


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``way_out`` says what to do about it."""

    state: Literal["ok", "note", "error"]
    text: str
    way_out: str = ""

    @property
    def is_error(self) -> bool:
        """Whether something will not work until it is mended."""
        return self.state == "error"

    @property
    def line(self) -> str:
        """One line for a person."""
        return f"{self.state:<6} {self.text}" + (f" -> {self.way_out}" if self.way_out else "")


def examine(settings: Settings, study_name: str | None) -> list[Finding]:
    """Look at Python, the packages, the home, the study and its source."""
    findings = [_python(), *_packages(), _home(settings)]
    try:
        study = load_study(study_name or settings.study)
    except UserError as error:
        return [*findings, Finding("error", str(error))]
    findings.append(Finding("ok", f"study {study.name} ({study.path})"))
    try:
        from bri_pipeline.doctor_source import source_findings
    except ImportError:  # of a package that is named above as missing
        return findings
    return [*findings, *source_findings(study, settings)]


def _python() -> Finding:
    return Finding("ok", f"Python {'.'.join(map(str, sys.version_info[:3]))}")


def _packages() -> Iterator[Finding]:
    for name in NEEDED:
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Finding(
                "error", f"{name} is not installed", "run `make run`, or pip install -r requirements.txt"
            )
            continue
        wanted = DAGSTER_TOGETHER.get(name, found)
        if found != wanted:
            yield Finding(
                "error",
                f"{name} {found}",
                f"the Dagster packages belong together: pip install {name}=={wanted}",
            )
        else:
            yield Finding("ok", f"{name} {found}")


def _home(settings: Settings) -> Finding:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        probe = settings.home / ".doctor"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding(
            "error",
            f"{settings.home} cannot be written to ({error.strerror})",
            "set BRI_HOME to a folder of yours",
        )
    free = shutil.disk_usage(settings.home).free
    if free < LOW_DISK_BYTES:
        return Finding(
            "error",
            f"only {free / 1e9:.1f} GB free at {settings.home}",
            "free some, or set BRI_HOME to another disk",
        )
    return Finding("ok", f"home {settings.home}, {free / 1e9:.0f} GB free")
