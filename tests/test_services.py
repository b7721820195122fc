"""The files for running the UI as a service, and the example of settings, are true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bri_pipeline import settings
from bri_pipeline.resources import CHECKOUT

SERVICES = CHECKOUT / "docs" / "services"


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs systemd-analyze")
    command = tmp_path / ".venv" / "bin" / "bri"
    command.parent.mkdir(parents=True)
    command.symlink_to(sys.executable)
    unit = tmp_path / "bri-ui.service"
    text = (SERVICES / "bri-ui.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/srv/bri-pipeline", str(tmp_path)), encoding="utf-8")
    verified = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert "bri-ui.service" not in verified.stderr


def test_the_command_of_the_unit_is_one_there_is() -> None:
    text = (SERVICES / "bri-ui.service").read_text(encoding="utf-8")
    [options] = re.findall(r"^ExecStart=\S+/bri (ui .*)$", text, re.MULTILINE)
    usage = subprocess.run(
        [sys.executable, "-m", "bri_pipeline", *options.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert all(option in usage for option in re.findall(r"--[a-z-]+", options))


def test_every_setting_is_in_the_example_and_no_other() -> None:
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    described = set(re.findall(r"^([A-Z]+_[A-Z_]+)", settings.__doc__ or "", re.MULTILINE))
    assert named == described - {"BRI_CLUSTER"}, "which a .env may not set"
    assert not re.findall(r"^[A-Z_]+=", example, re.MULTILINE), "copied as it is, it changes nothing"
