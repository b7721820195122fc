"""Files that are replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bri_pipeline.commands.out import replaced
from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing


def test_a_folder_in_the_place_of_a_file_is_set_aside_with_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    for number in (1, 2):
        path.unlink(missing_ok=True)
        path.mkdir()
        (path / "somebody's").write_text(str(number))
        with replacing(path) as temporary:
            temporary.write_text("new")
        assert path.read_text() == "new"
        assert (tmp_path / f"index.html.set-aside-{number}" / "somebody's").read_text() == str(number)


def test_after_an_error_the_place_is_as_it_was(tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("old")
    folder.mkdir()
    for path in (file, folder):
        with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
            temporary.write_text("new")
            raise ZeroDivisionError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
    assert file.read_text() == "old"


def test_a_folder_that_the_user_named_as_a_file_stays_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Is a directory"), replaced(tmp_path) as temporary:
        temporary.write_text("new")
    assert tmp_path.is_dir() and list(tmp_path.iterdir()) == []
