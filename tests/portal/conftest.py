"""A stand-in portal over a small archive of made-up weeks, and a client whose time is not ours."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bri_pipeline.portal.client import PortalClient, Timeouts
from tests.portal.standin import StandInPortal

KEY = "k3y-Dist1nctive-0123456789abcdef"


class FakeTime:
    """A clock that moves only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds


def write_zip(path: Path, text: str = "<us-patent-application/>", bulk: int = 0) -> Path:
    """A zip with one member; ``bulk`` bytes of it cannot be compressed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        content = text.encode() + random.Random(path.name).randbytes(bulk)
        archive.writestr(path.name.replace(".zip", ".xml"), content)
    return path


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def portal_folder(tmp_path: Path) -> Path:
    """Two weeks of 2013, one of 2014, and two tables."""
    folder = tmp_path / "portal"
    for name in ("2013/ipab20130103_wk01.zip", "2013/ipab20130110_wk02.zip", "2014/ipab20140102_wk01.zip"):
        write_zip(folder / "APPBLXML" / name, bulk=200_000)
    for name in ("pg_inventor_not_disambiguated.tsv.zip", "pg_published_application.tsv.zip"):
        write_zip(folder / "PVPGPUBDIS" / name)
    return folder


@pytest.fixture
def portal(portal_folder: Path) -> Iterator[StandInPortal]:
    with StandInPortal(portal_folder, key=KEY) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def client(portal: StandInPortal, fake_time: FakeTime) -> PortalClient:
    return make_client(portal, fake_time)


def make_client(
    portal: StandInPortal, fake_time: FakeTime, *, key: str = KEY, **changes: object
) -> PortalClient:
    arguments: dict[str, object] = {
        "timeouts": Timeouts(connect=1, answer=1, file=1),
        "sleep": fake_time.sleep,
        "clock": fake_time.clock,
        "jitter": lambda: 0.0,
    }
    return PortalClient(portal.url, key, **{**arguments, **changes})  # type: ignore[arg-type]
