"""What ``bri`` says of itself, quickly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bri_pipeline.cli import main
from tests.end_to_end.studies import bri

COMMANDS = {
    "run",
    "report",
    "export",
    "check",
    "query",
    "trace",
    "inspect",
    "place",
    "download",
    "studies",
    "doctor",
    "ui",
}
HEAVY = ("dagster", "polars", "duckdb", "lxml", "pyarrow", "requests")


def test_the_commands_are_those_of_the_contract(tmp_path: Path) -> None:
    assert set(main.commands) >= COMMANDS
    listed = bri(tmp_path, "--help").output
    assert all(f"\n  {command} " in listed for command in COMMANDS)
    assert "..." not in listed.partition("Commands:")[2], "no description is cut"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    result = bri(tmp_path, command, "--help")
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ") and len(result.output.splitlines()) > 4
    assert not list(tmp_path.iterdir()), "help makes nothing"


def test_help_loads_nothing_heavy_and_little_in_all() -> None:
    """What is loaded decides how long help takes, on a loaded machine too; a second of processor time is the most."""
    script = (
        "import sys, time\nfrom bri_pipeline.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print('loaded:', sorted(set(sys.modules) & set({HEAVY!r})), len(sys.modules), time.process_time())"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded, modules, seconds = ended.stdout.splitlines()[-1].removeprefix("loaded: ").rsplit(" ", 2)
    assert loaded == "[]"
    assert int(modules) < 400 and float(seconds) < 1.0


def test_studies_lists_names_titles_windows_and_files(tmp_path: Path) -> None:
    lines = bri(tmp_path, "studies").output.splitlines()
    [jiangsu] = [line for line in lines if line.startswith("jiangsu-2018 ")]
    assert "2001-01-01  2018-02-28  synthetic" in jiangsu and "Belt and Road" in jiangsu
    [live] = [line for line in lines if line.startswith("live ")]
    assert "2001-01-01" in live and "synthetic" not in live
    assert all(Path(line.split()[-1]).is_file() for line in (jiangsu, live))
