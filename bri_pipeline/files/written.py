"""What was written into a folder, so that files of an earlier time can be removed, and nobody else's."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bri_pipeline.files.atomic import read_derived, write_json

NOTE = ".written.json"


def remove_gone(folder: Path, names: Collection[str]) -> list[Path]:
    """Remove the files noted at the last call that are not among ``names``, and note these; any other file stays.

    Returns:
        The files that were removed.
    """
    noted = (read_derived(folder / NOTE) or {}).get("names")
    gone = [
        folder / name
        for name in (noted if isinstance(noted, list) else [])
        if isinstance(name, str)
        and Path(name).name == name
        and name not in names
        and (folder / name).is_file()
    ]
    for path in gone:
        path.unlink()
    write_json(folder / NOTE, {"names": sorted(names)})
    return gone
