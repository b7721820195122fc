"""What runs on a worker of a cluster: whether it may land files here, and the landing of one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from uuid import uuid4

from bri_pipeline.code_digest import PLUMBING, code_digest
from bri_pipeline.errors import UserError
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.landed_file import LandedFile

# How files are spread does not change what is read from them.
_BESIDE = (*PLUMBING, "bri_pipeline.lake.spread")


def digest_of(land: partial[LandedFile]) -> str:
    """The digest of the code that lands a file, of the reference files it reads and of its libraries' versions."""
    return code_digest(land.func, beside=_BESIDE)


def why_not(
    land: partial[LandedFile], digest: str, sign: Path, token: str, sample: tuple[Path, int] | None
) -> str | None:
    """Why this worker cannot land files for another process; null where it can.

    Args:
        land: what it is to do.
        digest: the other process's ``digest_of(land)``.
        sign: a file that the other process has written where landed files are written.
        token: what the sign says.
        sample: the path and size of a file that is to be landed; null where there is none yet.

    Returns:
        A predicate, such as ``cannot read /data/...``.
    """
    if (own := digest_of(land)) != digest:
        return other_code(own, digest)
    try:
        if sign.read_text(encoding="utf-8") != token:
            return f"sees another file than this process at {sign}. {_SHARED}"
        written = sign.with_name(f".{uuid4().hex}.tmp")
        written.write_text(token, encoding="utf-8")
        written.unlink()
    except OSError as error:
        return f"cannot read and write where landed files are, {sign.parent} ({_reason(error)}). {_SHARED}"
    return _cannot_see(*sample) if sample else None


def _cannot_see(path: Path, size: int) -> str | None:
    try:
        if path.stat().st_size != size:
            return f"sees another file than this process at {path}. {_SHARED}"
    except OSError as error:
        return f"cannot read {path} ({_reason(error)}). {_SHARED}"
    return None


def other_code(theirs: str, ours: str) -> str:
    """The predicate of a worker whose results could differ."""
    return (
        f"has other code or reference data (digest {theirs}, here {ours}). "
        "Install the same version there, with the same libraries and data/reference, and start it again."
    )


def land_for(digest: str, land: partial[LandedFile], file: ArchivedFile) -> LandedFile:
    """Land a file if the code here is the same as the caller's: a worker may have joined after the others were asked.

    Raises:
        UserError: the code differs.
    """
    if (own := digest_of(land)) != digest:
        from distributed import get_worker

        raise UserError(f"The worker at {get_worker().address} {other_code(own, digest)}")
    return land(file)


_SHARED = (
    "Files to read and landed files must be where every worker sees them under the same path: set BRI_LAKE, or "
    "source.path of the study, to a folder that all share."
)


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
