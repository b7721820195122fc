"""Files in object storage (``s3://bucket/...``), which universal_pathlib lets be used like paths.

An object is put whole or not at all, so nothing needs to be renamed there. Libraries that know only local files read
objects through this module, and what is written piece by piece goes through it.
"""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError

# Their messages hold addresses and may hold keys, so only the name of an error is shown.
_LIBRARIES = ("aiobotocore", "aiohttp", "botocore", "s3fs")


def is_object(path: Path) -> bool:
    """Whether a path names an object in object storage, and no local file."""
    return not isinstance(path, Path)


def file_system(path: Path) -> Any:
    """The fsspec file system of an object."""
    return path.fs  # type: ignore[attr-defined]


@contextmanager
def put_whole(path: Path) -> Iterator[Path]:
    """Yield a local path; what is written there becomes the object when the block ends without an error."""
    with tempfile.TemporaryDirectory(prefix="bri-") as folder:
        temporary = Path(folder) / path.name
        yield temporary
        file_system(path).put_file(str(temporary), path.path)  # type: ignore[attr-defined]


def parquet_source(path: Path) -> Path | BytesIO:
    """What Polars reads a Parquet file from: the path, or the bytes of an object."""
    return BytesIO(path.read_bytes()) if is_object(path) else path


def objects_below(path: Path) -> Iterator[str]:
    """Name, size, time and ETag of every object below a path, in order."""
    found = file_system(path).find(path.path, detail=True)  # type: ignore[attr-defined]
    for name, about in sorted(found.items()):
        yield f"{name} {about.get('size')} {about.get('LastModified')} {about.get('ETag')}"


def look_at(path: Path) -> None:
    """Ask object storage once for what is at a path; local folders are not asked.

    Raises:
        UserError: it cannot be reached or refuses; no key is in the message.
    """
    if not is_object(path):
        return
    try:
        bucket, _, prefix = path.path.partition("/")  # type: ignore[attr-defined]
        file_system(path).call_s3("list_objects_v2", Bucket=bucket, Prefix=prefix, MaxKeys=1)
    except FileNotFoundError:  # a prefix without objects is an empty list
        raise UserError(f"BRI_LAKE: there is no bucket of {path}. Make it, or correct the address.") from None
    except Exception as error:  # of aiohttp, botocore and the system
        raise UserError(_not_reached(str(path), error)) from None


def storage_sentence(error: BaseException) -> str | None:
    """What to say where an error, or one that led to it, is the object storage's; null where none is.

    Libraries raise errors of Python's own for it, so where an error comes from counts as well.
    """
    seen: BaseException | None = error
    while seen is not None:
        if _is_of_library(type(seen).__module__) or any(map(_is_of_library, _modules_of(seen))):
            return _not_reached("object storage", seen)
        seen = seen.__cause__ or seen.__context__
    return None


def _is_of_library(module: str) -> bool:
    return module.partition(".")[0] in _LIBRARIES


def _modules_of(error: BaseException) -> Iterator[str]:
    for frame, _ in traceback.walk_tb(error.__traceback__):
        yield str(frame.f_globals.get("__name__"))


def _not_reached(what: str, error: BaseException) -> str:
    return (
        f"BRI_LAKE: {what} cannot be reached ({type(error).__name__}). Set AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY and, for an address other than Amazon's, AWS_ENDPOINT_URL, here and on all workers."
    )
