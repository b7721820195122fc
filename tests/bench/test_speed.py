"""Ratios to ``unzip -p``: what is kept holds, and a loss is explained where people look for speed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.speed import TOLERATED, Ratio, measured, recorded

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
LOSSES = "### Slower than it was"


def shown(page: str) -> dict[str, Ratio]:
    """The ratios in the page's table, by name: ``| scan | 1.07 | 1.07 |``."""
    rows = re.findall(r"^\| `([a-z ]+)` \| ([\d.]+) \| ([\d.]+) \|", page, re.MULTILINE)
    return {name: Ratio(float(now), float(best)) for name, now, best in rows}


def unexplained(ratios: dict[str, Ratio], page: str) -> list[str]:
    """The names of what became slower by more than a fifth without a sentence below the page's heading of losses."""
    losses = page.partition(LOSSES)[2].partition("\n#")[0]
    sentences = dict(re.findall(r"^- \*\*([a-z ]+)\*\*:\s+(\S.*\.)$", losses, re.MULTILINE))
    slower = [name for name, ratio in ratios.items() if ratio.now > TOLERATED * ratio.best]
    return [name for name in slower if len(sentences.get(name, "").split()) < 5]


def test_the_page_shows_the_ratios_that_are_kept() -> None:
    assert shown(PAGE.read_text(encoding="utf-8")) == recorded()


def test_every_loss_of_more_than_a_fifth_is_explained_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert LOSSES in page
    assert unexplained(recorded(), page) == []


def test_no_ratio_is_better_than_the_best() -> None:
    assert [name for name, ratio in recorded().items() if not 0 < ratio.best <= ratio.now] == []


@pytest.mark.parametrize(
    ("now", "sentence", "missing"),
    [
        (1.19, "", []),
        (1.25, "", ["scan"]),
        (1.25, "- **scan**: slow.\n", ["scan"]),
        (1.25, "- **find**: it reads grants of 2002 to 2004 as well now.\n", ["scan"]),
        (1.25, "- **scan**: it reads the priorities of every publication now.\n", []),
    ],
)
def test_a_loss_needs_a_sentence_of_its_own(now: float, sentence: str, missing: list[str]) -> None:
    page = f"# Speed\n\n{LOSSES}\n\n{sentence}\n## Tables\n\n- **scan**: a sentence in another place does not count.\n"
    assert unexplained({"scan": Ratio(now, 1.0), "find": Ratio(0.5, 0.5)}, page) == missing


@pytest.mark.slow
def test_reading_is_no_slower_than_what_is_kept(tmp_path: Path) -> None:
    kept, found = recorded(), measured(tmp_path)
    assert found.keys() == kept.keys()
    slower = {
        name: f"{ratio:.2f} x unzip -p, kept is {kept[name].now}"
        for name, ratio in found.items()
        # Two hundredths are the least that this archive shows.
        if ratio > TOLERATED * kept[name].now + 0.02
    }
    assert not slower, f"{slower}; see bench/speed.py"
