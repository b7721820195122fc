"""The processes of `bri ui`: a `.env` in the folder it is started in gives settings of bri, and nothing else."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from bri_pipeline.commands import ui_services
from bri_pipeline.commands.ui_services import Services

# Takes a .env as Dagster's daemon, code server and runs do, then says what it has come to.
SEEN = """
import json, logging, os, sys
from dagster._cli.utils import _inject_local_env_file
from bri_pipeline.settings import load_settings, working_directory
with _inject_local_env_file(logging.getLogger("dagster")):
    found = {"study": load_settings().study, "proxy": os.environ.get("HTTPS_PROXY"), "path": os.environ["PYTHONPATH"],
             "first": sys.path[0], "folder": str(working_directory()), "safe": os.environ.get("PYTHONSAFEPATH")}
    with open(sys.argv[2] + ".part", "w") as file:
        json.dump(found, file)
    os.rename(sys.argv[2] + ".part", sys.argv[2])
"""


def test_a_dot_env_in_the_folder_of_the_start_sets_no_variable_of_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("start", "own", "modules"):
        (tmp_path / name).mkdir()
    (tmp_path / "modules" / "seen.py").write_text(SEEN)
    (tmp_path / "start" / ".env").write_text("BRI_STUDY=mine\nHTTPS_PROXY=http://evil:9\nPYTHONPATH=/evil\n")
    monkeypatch.chdir(tmp_path / "start")
    for name in ("BRI_STUDY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    modules = f"{tmp_path / 'modules'}:{Path(__file__).parents[2]}"
    monkeypatch.setenv("PYTHONPATH", modules)
    monkeypatch.setattr(ui_services, "MODULE", "seen")
    result, services = tmp_path / "seen.json", Services(tmp_path / "own", "127.0.0.1", 0, ())
    services._start("daemon", str(result))
    try:
        deadline = time.monotonic() + 120
        while not result.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        services.stop()
    assert json.loads(result.read_text()) == {
        "study": "mine",
        "proxy": None,
        "path": f"{tmp_path / 'own'}:{modules}",
        "first": str(tmp_path / "own"),  # Dagster drops it when it imports the definitions
        "folder": str(tmp_path / "start"),
        "safe": "1",
    }
