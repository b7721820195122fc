"""Worker processes of this machine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bri_pipeline.commands.ui_services import Services
from bri_pipeline.resources import CHECKOUT

ASKED = """
import signal
from bri_pipeline.processes import process_pool

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
with process_pool(2) as pool:
    answers = [pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()) for _ in range(2)]
    assert all(answer.result() == {signal.SIGINT} for answer in answers), [one.result() for one in answers]
assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == {signal.SIGINT}
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows has no blocked signals")
def test_ctrl_c_blocked_in_this_thread_reaches_no_worker() -> None:
    ended = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr


LOOKS_LIKE_A_LIBRARY = "from pathlib import Path\nPath(__file__).with_name('was run').touch()\n"
IN_A_POOL = """
import os
from bri_pipeline.processes import process_pool

if __name__ == "__main__":
    with process_pool(1) as pool:
        assert pool.submit(os.getpid).result(50) != os.getpid()
"""


def test_workers_run_no_file_of_the_working_directory(tmp_path: Path) -> None:
    script, folder = tmp_path / "script.py", tmp_path / "folder"
    folder.mkdir()
    script.write_text(IN_A_POOL)
    (folder / "multiprocessing.py").write_text(LOOKS_LIKE_A_LIBRARY)
    ended = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not (folder / "was run").exists()
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
def test_the_processes_of_the_ui_run_no_file_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "dagster", "bri_pipeline"):
        (tmp_path / f"{name}.py").write_text(LOOKS_LIKE_A_LIBRARY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    services = Services(tmp_path, "127.0.0.1", 0, [])
    services._start("code", str(tmp_path / "missing" / "code"))  # ends, since it cannot listen there
    services._running["code"].wait(60)
    services.stop()
    assert not (tmp_path / "was run").exists()
