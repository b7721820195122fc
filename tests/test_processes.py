"""Worker processes of this machine."""

import signal
import subprocess
import sys

import pytest

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
