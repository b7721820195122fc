"""Where the UI of a study is served, for those who point a person to it."""

from __future__ import annotations

import os
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import read_json, write_json

DEFAULT_ADDRESS = "http://localhost:3000"


def remember_address(instance_folder: Path, address: str) -> None:
    """Note the address of the UI that is being served."""
    write_json(instance_folder / "ui.json", {"address": address, "pid": os.getpid()})


def forget_address(instance_folder: Path) -> None:
    """The UI is served no more."""
    (instance_folder / "ui.json").unlink(missing_ok=True)


def ui_address(instance_folder: Path) -> str:
    """Address of the UI of a study: the one being served, else the usual one."""
    try:
        found = read_json(instance_folder / "ui.json")
    except UserError:
        found = None
    return str(found["address"]) if found else DEFAULT_ADDRESS
