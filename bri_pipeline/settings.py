"""Where things live and what the environment says; nothing is read at import.

Settings (environment first, then a ``.env`` file in the working directory):

BRI_HOME           folder under which everything the software makes lives; default ``data/local`` of the
                   checkout, or ``~/.local/share/bri-pipeline`` when installed as a wheel
BRI_STUDY          study used when none is named; default ``jiangsu-2018``
BRI_ODP_URL        base address of the Open Data Portal; default the USPTO's
BRI_WORKERS        processes that scan files; default: the cores of the machine, at most 4
USPTO_API_KEY      key of the Open Data Portal; never logged, never written
BRI_ALERT_WEBHOOK  address told of a failed run (optional)
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from bri_pipeline.errors import UserError
from bri_pipeline.resources import CHECKOUT, PACKAGE, resource_dir

__all__ = ["CHECKOUT", "PACKAGE", "Settings", "load_settings", "may_ask_portal", "resource_dir"]

DEFAULT_ODP_URL = "https://api.uspto.gov"
DEFAULT_STUDY = "jiangsu-2018"


@dataclass(frozen=True)
class Settings:
    """The environment, read once per command."""

    home: Path
    study: str
    odp_url: str
    workers: int
    api_key: str | None = field(repr=False)
    alert_webhook: str | None = field(repr=False)

    @property
    def may_ask_portal(self) -> bool:
        """Whether requests to the portal can be expected to be answered."""
        return may_ask_portal(self.odp_url, self.api_key)


def may_ask_portal(odp_url: str, api_key: str | None) -> bool:
    """The USPTO answers nobody without a key; behind another address a proxy may add one."""
    return bool(api_key) or odp_url != DEFAULT_ODP_URL


def load_settings() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        UserError: a setting has a value that cannot be used.
    """
    values = {**dotenv_values(Path.cwd() / ".env"), **os.environ}

    def text(name: str) -> str | None:
        return (values.get(name) or "").strip() or None

    return Settings(
        home=Path(text("BRI_HOME") or _default_home()).expanduser().absolute(),
        study=text("BRI_STUDY") or DEFAULT_STUDY,
        odp_url=(text("BRI_ODP_URL") or DEFAULT_ODP_URL).rstrip("/"),
        workers=_workers(text("BRI_WORKERS")),
        api_key=text("USPTO_API_KEY"),
        alert_webhook=text("BRI_ALERT_WEBHOOK"),
    )


def _default_home() -> Path:
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "data" / "local"
    return Path.home() / ".local" / "share" / "bri-pipeline"


def _workers(value: str | None) -> int:
    if value is None:
        return min(os.cpu_count() or 1, 4)
    if not value.isdigit() or int(value) == 0:
        raise UserError(f"BRI_WORKERS is {value!r}; give a whole number of processes, 1 or more.")
    return int(value)
