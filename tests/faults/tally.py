"""What was tried and how it ended: noted while the tests run, and written into docs/operations.md as a table.

``BRI_FAULTS=FILE pytest -m slow tests/faults`` adds a line to the file for every case; then
``python -m tests.faults.tally FILE`` writes the table of the lines.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
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
    last: dict[tuple[str, str], Case] = {(case.harm, case.one): case for case in cases}
    harms: dict[str, list[Case]] = defaultdict(list)
    for case in last.values():
        harms[case.harm].append(case)
    rows = [
        f"| {harm} | {len(found)} | {_count([case.sentence for case in found])} | "
        f"{_count([case.right for case in found])} |\n"
        for harm, found in sorted(harms.items())
    ]
    return HEADING + "".join(rows)


def _count(found: Iterable[bool | None]) -> str:
    asked = [one for one in found if one is not None]
    return str(sum(asked)) if asked else "–"


def main(results: Path) -> None:
    """Put the table of the results between the marks in docs/operations.md."""
    cases = [Case(**json.loads(line)) for line in results.read_text(encoding="utf-8").splitlines()]
    before, _, rest = OPERATIONS.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    OPERATIONS.write_text(f"{before}{BEGIN}\n{table(cases)}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
