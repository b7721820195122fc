"""The processes of `bri ui`: a `.env` in the folder it is started in gives settings of bri, and nothing else;
one that ends is started again."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bri_pipeline.commands import ui_services
from bri_pipeline.commands.ui_services import Services
from bri_pipeline.errors import UserError

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


STANDS = """
import signal, socket, sys, time
name, *arguments = sys.argv[1:]
if name == "code":
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(arguments[0])
elif name == "web":
    time.sleep(0.5)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((arguments[1], int(arguments[2])))
if name != "daemon":
    listening.listen()
while sys.stdin.read(1):
    pass
"""


@pytest.fixture
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "stands.py").write_text(STANDS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "modules"))
    monkeypatch.setattr(ui_services, "MODULE", "stands")
    with tempfile.TemporaryDirectory(prefix="bri-") as folder, closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        services = Services(Path(folder), "127.0.0.1", free.getsockname()[1], ())
        free.close()
        services.start()
        yield services
        services.stop()


@pytest.mark.parametrize("second", ["daemon", "code", "web"])
def test_a_process_killed_while_another_is_started_again_is_started_again_too(
    stand_ins: Services, second: str, capsys: pytest.CaptureFixture[str]
) -> None:
    web = stand_ins._running["web"]
    web.kill()
    web.wait()
    kill = threading.Timer(0.2, lambda: stand_ins._running[second].kill())
    kill.start()
    stand_ins.restart_ended()
    kill.join()
    stand_ins.restart_ended()
    assert [process.poll() for process in stand_ins._running.values()] == [None, None, None]
    said = capsys.readouterr().out
    assert "Dagster's web server has ended (killed by SIGKILL); it is started again." in said
    assert (
        f"Dagster's {ui_services.CALLED[second]} has ended (killed by SIGKILL); it is started again." in said
    )


def test_what_ends_again_and_again_is_given_up(stand_ins: Services) -> None:
    with pytest.raises(UserError, match=r"for the 4th time in 10 minutes.*bri doctor"):
        for _ in range(9):
            stand_ins._running["daemon"].kill()
            stand_ins._running["daemon"].wait()
            stand_ins.restart_ended()


def test_a_folder_that_was_cleared_away_is_made_again(stand_ins: Services) -> None:
    shutil.rmtree(stand_ins._folder)
    stand_ins._running["code"].kill()
    stand_ins._running["code"].wait()
    stand_ins.restart_ended()
    assert [process.poll() for process in stand_ins._running.values()] == [None, None, None]
