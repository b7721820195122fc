"""How many files may be open at once: raised as far as may be, and refused where it is too few."""

from __future__ import annotations

from bri_pipeline.errors import UserError

try:
    import resource
except ImportError:  # Windows knows no such limit
    resource = None  # type: ignore[assignment]

WANTED, NEEDED = 4096, 256


def allow_open_files() -> None:
    """Raise the limit of this process, and of those it starts, within what the system lets it have.

    Raises:
        UserError: it stays below what a run needs.
    """
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= WANTED:
        return
    allowed = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if allowed < NEEDED:
        raise UserError(
            f"Only {allowed} files may be open at once here (ulimit -n), and {NEEDED} are needed; raise the limit, to "
            "1024 for instance."
        )
    if allowed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
