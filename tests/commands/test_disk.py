"""Words of a full or read-only disk, as each library that writes puts them."""

from __future__ import annotations

import pytest

from bri_pipeline.files.disk import disk_sentence, names_no_disk, texts_of


@pytest.mark.parametrize(
    "text",
    [
        "[Errno 28] No space left on device: '/x'",
        "No space left on device (os error 28)",
        'IO Error: Could not write file "/x/w.duckdb": No space left on device',
        "(sqlite3.OperationalError) database or disk is full",
        "Disk quota exceeded",
    ],
)
def test_a_full_disk_is_recognised(text: str) -> None:
    sentence = disk_sentence(text, "/home")
    assert sentence is not None and "/home is full" in sentence


@pytest.mark.parametrize(
    "text", ["[Errno 30] Read-only file system: '/x'", "attempt to write a readonly database"]
)
def test_a_disk_that_cannot_be_written_to_is_recognised(text: str) -> None:
    assert "cannot be written to" in str(disk_sentence(text, "/home"))


@pytest.mark.parametrize("text", ["", "column a not found", "No such file or directory", "held by python"])
def test_anything_else_is_not(text: str) -> None:
    assert disk_sentence(text, "/home") is None


def test_the_cause_of_an_error_is_looked_at() -> None:
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise RuntimeError("step failed") from error
    except RuntimeError as error:
        assert any("No space" in text for text in texts_of(error))


def test_sqlites_error_of_input_and_output_names_the_disk() -> None:
    text = "(sqlite3.OperationalError) disk I/O error"
    assert "is full or fails. Free some space" in str(disk_sentence(text, "/home"))


def test_the_limits_of_a_shell_are_told_from_a_full_disk() -> None:
    for text, limit in (
        ("[Errno 27] File too large", "ulimit -f"),
        ("[Errno 24] Too many open files: '/tmp/x'", "ulimit -n"),
        ("File too large (os error 27)", "ulimit -f"),
    ):
        assert limit in str(disk_sentence(text, "/home")) and names_no_disk(text)
    assert not names_no_disk("[Errno 28] No space left on device")
