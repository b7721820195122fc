"""Signals end a command in one sentence and with their status, whatever it is at."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

# Each says "now" on stderr when it is time for the signal.
AT_WORK = """
import sys, threading
from pathlib import Path
from bri_pipeline.cli import main
from bri_pipeline.warehouse.database import writing
@main.command()
def busy():
    with writing(Path("x.duckdb")) as con:
        threading.Timer(0.3, lambda: print("now", file=sys.stderr, flush=True)).start()
        con.execute("select count(*) from range(1000000) a, range(1000000) b, range(1000000) c")
main(["busy"])
"""
# One call of one function, which DuckDB does not leave before it is done.
IN_ONE_CALL = """
import sys, threading
import duckdb
from bri_pipeline.cli import main
@main.command()
def busy():
    threading.Timer(0.3, lambda: print("now", file=sys.stderr, flush=True)).start()
    duckdb.execute("select levenshtein(repeat('a', 400000), repeat('b', 400000))")
main(["busy"])
"""
AT_THE_END = """
import atexit, sys, time
atexit.register(lambda: (print("now", file=sys.stderr, flush=True), time.sleep(20)))
from bri_pipeline.cli import main
@main.command()
def done():
    print("all is said")
main(["done"])
"""


@pytest.mark.parametrize(
    "script",
    [AT_WORK, IN_ONE_CALL, AT_THE_END],
    ids=["in DuckDB", "in one call of DuckDB", "while Python ends"],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
def test_a_signal_is_a_sentence_and_its_status(tmp_path: Path, script: str, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # tests started in the background, or by nohup, would pass on that the signal is ignored
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    try:
        assert process.stderr is not None and process.stderr.readline() == "now\n"
        process.send_signal(number)
        said, error = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 128 + number
    assert error.startswith("\nbri: stopped by ") and error.count("\n") == 2
    assert said == ("all is said\n" if script == AT_THE_END else "")


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_while_the_command_is_still_being_imported_ends_it_with_the_sentence(
    number: str, status: int
) -> None:
    code = f"""
import os, signal, sys
signal.signal(signal.{number}, signal.SIG_DFL)
class Interrupting:
    def find_spec(self, name, *_):
        if name == "bri_pipeline.cli":
            os.kill(os.getpid(), signal.{number})
sys.meta_path.insert(0, Interrupting())
from bri_pipeline.__main__ import start
start()
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (status, "")
    assert ended.stderr.startswith("\nbri: stopped by ") and ended.stderr.endswith(
        "; what was finished is kept.\n"
    )
