"""Files of an earlier time are removed; those of other people are not."""

from __future__ import annotations

from pathlib import Path

from bri_pipeline.files.written import NOTE, remove_gone


def test_only_what_was_noted_is_removed(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "mine.csv"):
        (tmp_path / name).write_text(name)
    assert remove_gone(tmp_path, {"a.csv", "b.csv"}) == []
    assert remove_gone(tmp_path, {"a.csv"}) == [tmp_path / "b.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [NOTE, "a.csv", "mine.csv"]
    assert remove_gone(tmp_path, {"a.csv"}) == []


def test_a_note_that_is_damaged_or_names_other_folders_removes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (tmp_path / "x.csv").write_text("x")
    for text in ('{"names": ["../x.csv", "/etc/passwd", 5, null, ".", ""]}', '{"names": 5}', "[", "{}"):
        (folder / NOTE).write_text(text)
        assert remove_gone(folder, set()) == []
    assert (tmp_path / "x.csv").exists()
