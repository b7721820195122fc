"""What a run of a study came to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RunOutcome:
    """What a run came to: whether anything was done and published, and why it must not be trusted, if so.

    ``stopped``: the failures are steps that broke off, not checks. ``about_years``: the failures are of years, the
    others of which have landed; the tables that follow say so. ``said``: lines to print where nothing was done.
    """

    changed: bool
    published: bool = False
    stopped: bool = False
    failures: list[str] = field(default_factory=list)
    about_years: bool = False
    said: tuple[str, ...] = ()

    @property
    def success(self) -> bool:
        """Whether every step succeeded and every error-severity check passed."""
        return not self.failures
