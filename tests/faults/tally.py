"""What was tried and how it ended: noted while the tests run, and written into docs/operations.md as a table.

``BRI_FAULTS=FILE pytest -m slow tests/faults`` adds a line to the file for every case; then
``python -m tests.faults.tally FILE COMMIT`` writes the table of the lines, with the date of the file.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
BEGIN, END = "<!-- faults -->", "<!-- /faults -->"
HEADING = "| harm | tried | ended in a sentence | right next run |\n|---|---:|---:|---:|\n"


@dataclass
class Case:
    """One harm: of which kind, which one, and what it came to so far; null where there is nothing to ask."""

    harm: str
    one: str
    sentence: bool | None = False
    right: bool | None = False


def note(case: Case) -> None:
    """Add the case to the file that BRI_FAULTS names; nowhere without it."""
    if name := os.environ.get("BRI_FAULTS"):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(case)) + "\n")


def table(cases: Iterable[Case]) -> str:
    """Markdown, one row per harm; a case tried again counts as it ended last."""
    harms: dict[str, list[Case]] = defaultdict(list)
    for case in _last(cases):
        harms[case.harm].append(case)
    rows = [
        f"| {harm} | {len(found)} | {_count([case.sentence for case in found])} | "
        f"{_count([case.right for case in found])} |\n"
        for harm, found in sorted(harms.items())
    ]
    return HEADING + "".join(rows)


def heading(cases: Iterable[Case], on: datetime, commit: str) -> str:
    """When and of what the table is, and how many of its cases ended as they should."""
    tried = _last(cases)
    good = sum(case.sentence is not False and case.right is not False for case in tried)
    return f"Tried {on:%Y-%m-%d} at commit {commit}: {len(tried)} cases, of which {good} ended as they should.\n\n"


def _last(cases: Iterable[Case]) -> list[Case]:
    return list({(case.harm, case.one): case for case in cases}.values())


def _count(found: Iterable[bool | None]) -> str:
    asked = [one for one in found if one is not None]
    return str(sum(asked)) if asked else "–"


def main(results: Path, commit: str) -> None:
    """Put the table of the results between the marks in docs/operations.md."""
    cases = [Case(**json.loads(line)) for line in results.read_text(encoding="utf-8").splitlines()]
    on = datetime.fromtimestamp(results.stat().st_mtime, UTC)
    before, _, rest = OPERATIONS.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    written = f"{before}{BEGIN}\n{heading(cases, on, commit)}{table(cases)}{END}{after}"
    OPERATIONS.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
