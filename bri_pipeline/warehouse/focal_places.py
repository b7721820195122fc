"""The resolver of the focal country's places, which alliances and inventors have in common."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bri_pipeline.places.resolver import Resolver
from bri_pipeline.resources import resource_dir

_State = tuple[tuple[str, int, int], ...]


def resolver_of(country: str) -> Resolver:
    """The resolver of a focal country, loaded once while the reference files stay as they are.

    Raises:
        UserError: a reference file is missing or has a row that cannot be used.
    """
    folder = resource_dir("data/reference")
    files = sorted((path.name, path.stat()) for path in folder.iterdir())
    return _loaded(folder, country, tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))


@lru_cache(maxsize=1)
def _loaded(folder: Path, country: str, state: _State) -> Resolver:
    return Resolver.load(folder, country)
