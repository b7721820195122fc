"""Tables and JSON for a terminal and for programs: aligned, whole, and without anything a terminal obeys."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from rich.cells import cell_len

from bri_pipeline.orchestration.logging import console
from bri_pipeline.printing import MOST_ROWS_FITTED, cut, formatted, json_line, text_table
from bri_pipeline.visible import hidden_character, visible

NASTY = [
    "\x00",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\x85",
    "\ud800",
]


def test_chinese_takes_two_columns_and_stays_aligned() -> None:
    heading, rule, first, second = text_table(["city", "n"], [["南京市", 1], ["Wuxi", 20]]).splitlines()
    assert (heading, rule) == ("city     n", "------  --")
    assert (first, second) == ("南京市   1", "Wuxi    20")
    assert {cell_len(line) for line in (heading, rule, first, second)} == {10}


def test_without_a_terminal_nothing_is_cut_or_folded() -> None:
    long = "word " * 100 + "end"
    [_, _, line] = text_table(["a", "b"], [[long, 1.23456789]]).splitlines()
    assert line == f"{long}  1.23457"


def test_a_terminal_gets_lines_of_its_width_and_no_number_is_broken() -> None:
    rows = [["南京市和无锡市" * 10, 1_730_000, "X" * 100], ["Wuxi", 5, "[bold]no markup[/bold] :smile:"]]
    text = text_table(["city", "patents", "note"], rows, width=60)
    assert all(cell_len(line) <= 60 for line in text.splitlines())
    assert "1730000" in text and "[bold]" in text and ":smile:" in text
    assert text.count("X") == 100 and text.count("锡") == 10


def test_short_words_are_not_broken_where_there_is_room() -> None:
    text = text_table(["method", "note"], [["ambiguous", "several provinces have this name"]], width=30)
    assert "ambiguous" in text and "provinces" in text


def test_a_table_that_fits_is_the_same_on_a_terminal_and_in_a_pipe() -> None:
    rows = [["a", None], ["b", True]]
    assert text_table(["x", "y"], rows, width=80) == text_table(["x", "y"], rows)


def test_a_narrow_terminal_gets_a_block_per_row_with_words_whole() -> None:
    names = ["publication_number", "countries", "inventors", "applicants", "title"]
    row = ["US20139000001A1", "CN, SG", "Goh, Hui Ling (SG); Cao, Pingguo (CN)", "", "Well completion"]
    lines = text_table(names, [row, row], width=40).splitlines()
    assert max(len(line) for line in lines) <= 40
    assert lines[:3] == [
        "publication_number  US20139000001A1",
        "countries           CN, SG",
        "inventors           Goh, Hui Ling (SG);",
    ]
    assert [line.split()[0] for line in lines if line and line[0] != " "] == [
        names[0],
        *names[1:3],
        names[4],
    ] * 2
    assert lines.count("") == 2


def test_a_table_of_many_rows_is_not_folded() -> None:
    rows = [["x" * 100]] * (MOST_ROWS_FITTED + 1)
    assert len(text_table(["x"], rows, width=20).splitlines()) == len(rows) + 2


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_what_a_terminal_obeys_is_shown_escaped(nasty: str) -> None:
    text = formatted([f"a{nasty}"], [[f"before{nasty}after"], [[f"in a list{nasty}"]]], "table", 20)
    assert not any(hidden_character(line) for line in text.split("\n"))
    assert "before" in text and "\\" in text
    assert cut(f"{nasty}text", 40).isprintable()
    assert visible(f"a\tb\n{nasty}").startswith("a\tb\n\\")


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_json_says_the_same_and_holds_nothing_a_terminal_obeys(nasty: str) -> None:
    line = json_line({f"key{nasty}": [f"南京{nasty}", 1.5, float("nan")]})
    assert "南京" in line and hidden_character(line) is None
    assert json.loads(line) == {f"key{nasty}": [f"南京{nasty}", 1.5, None]}


def test_a_cell_is_cut_by_columns_not_by_letters() -> None:
    assert cut("南京市", 6) == "南京市"
    assert cut("南京市和无锡市", 6) == "南京…"
    assert cut("Nanjing\n City", 9) == "Nanjing…"


def test_what_a_run_says_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    """Names of files come from whoever filled the archive."""
    context = dg.build_init_logger_context(logger_config={"log_level": "INFO"})
    console(None)(context).info("landing 2013: a\x1b[31m\u202eb.zip: 1 unreadable document(s) set aside")
    assert (
        capsys.readouterr().err
        == "landing 2013: a\\x1b[31m\\u202eb.zip: 1 unreadable document(s) set aside\n"
    )


def test_one_long_text_does_not_fill_the_other_rows_with_blanks() -> None:
    text = text_table(["title", "n"], [["x" * 1_000_000, 1], *[["y", 2]] * 500])
    assert "x" * 1_000_000 in text and len(text) < 2_000_000


def test_a_heading_is_one_line() -> None:
    assert text_table(["a\nb\tc"], [[1]]).splitlines()[0] == "a b c"


# ---- streams that are closed, full, or not read

FULL = Path("/dev/full")


def bri(shell: str, *arguments: str) -> tuple[int, str]:
    """Status and standard error of the command with streams as the shell gives them."""
    command = ["bash", "-c", f'"$0" "$@" {shell}', sys.executable, "-m", "bri_pipeline", *arguments]
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("shell", [">&-", "<&- >&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "arguments", [("place", "Nanjing"), ("place", "Nanjing", "--format", "json"), ("studies",)]
)
def test_without_streams_everything_is_done_and_nothing_printed(
    shell: str, arguments: tuple[str, ...]
) -> None:
    assert bri(shell, *arguments) == (0, "")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("--help",), ("studies",)])
def test_what_cannot_be_printed_is_said(arguments: tuple[str, ...]) -> None:
    said = "bri: What is printed cannot be written: No space left on device. Print it elsewhere.\n"
    assert bri(">/dev/full", *arguments) == (2, said)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_messages_that_cannot_be_printed_fail_nothing() -> None:
    assert bri("2>/dev/full", "place", "Nanjing")[0] == 0
    assert bri("2>/dev/full", "place", "--no-such-option")[0] == 2


def test_a_reader_that_goes_away_is_no_error() -> None:
    assert bri("| true", "--help")[1] == ""
