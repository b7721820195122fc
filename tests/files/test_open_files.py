"""The limit of open files."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("resource", reason="Windows knows no such limit")


def limits_after(soft: int, hard: int) -> subprocess.CompletedProcess[str]:
    code = f"""
import resource
from bri_pipeline.files.open_files import allow_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
allow_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("soft", "hard", "then"), [(64, 300, "300 300"), (64, 9000, "4096 9000"), (5000, 9000, "5000 9000")]
)
def test_the_limit_is_raised_as_far_as_it_may_be(soft: int, hard: int, then: str) -> None:
    assert limits_after(soft, hard).stdout.strip() == then


def test_too_few_are_refused() -> None:
    ended = limits_after(60, 100)
    assert ended.returncode == 1 and "Only 100 files may be open at once here (ulimit -n)" in ended.stderr
