"""A download killed in the middle of a file: the next one takes up what had arrived."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bri_pipeline.portal.download import download_product
from tests.portal import standin
from tests.portal.conftest import KEY, write_zip

REPOSITORY = Path(__file__).parents[2]
WEEK = "ipab20130103_wk01.zip"
SCRIPT = """
import sys
from pathlib import Path
from bri_pipeline.portal.client import PortalClient
from bri_pipeline.portal.download import download_product
from bri_pipeline.settings import load_settings
settings = load_settings()
client = PortalClient(settings.odp_url, settings.api_key)
download_product(client, "APPBLXML", range(2013, 2014), Path(sys.argv[1]))
"""


def test_a_killed_download_is_taken_up(portal, client, tmp_path):
    source = write_zip(portal.folder / "APPBLXML" / "2013" / WEEK, bulk=2_000_000)
    portal.fault(WEEK, standin.slow(0.1))
    archive = tmp_path / "archive"
    part = archive / ".portal" / "APPBLXML" / f"{WEEK}.part"

    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "BRI_ODP_URL": portal.url,
        "USPTO_API_KEY": KEY,
    }
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(archive)], env=environment, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 20
        while not (part.is_file() and part.stat().st_size > 300_000):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    arrived = part.stat().st_size
    assert not (archive / "2013").exists()

    result = download_product(client, "APPBLXML", range(2013, 2014), archive)

    assert (archive / "2013" / WEEK).read_bytes() == source.read_bytes()
    assert portal.asked(WEEK, "store")[1].headers["range"] == f"bytes={arrived}-"
    others = sum(path.stat().st_size for path in archive.glob("2013/*")) - source.stat().st_size
    assert result.bytes == source.stat().st_size - arrived + others
