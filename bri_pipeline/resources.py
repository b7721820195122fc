"""Folders that travel with the software, found without settings, so that pure code may read them."""

from __future__ import annotations

from pathlib import Path

from bri_pipeline.errors import UserError

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent


def resource_dir(name: str) -> Path:
    """Folder ``sql``, ``data/reference``, ``data/studies`` or ``data/reference_corpus``.

    In a checkout it is at the top; in a wheel it travels inside the package.

    Raises:
        UserError: the installation has no such folder.
    """
    for root in (CHECKOUT, PACKAGE / "_resources"):
        folder = root / name
        if folder.is_dir() and (root != CHECKOUT or (CHECKOUT / "pyproject.toml").is_file()):
            return folder
    raise UserError(f"The folder {name} is missing from this installation; install bri-pipeline again.")
