"""Links in a study's folder: a lake or archive may be on another disk; outputs stay, and nothing outside is deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.landed import forget_others
from bri_pipeline.portal.kept_answers import KeptAnswers
from bri_pipeline.study import load_study
from tests.small_home import small_home

OUTPUTS = (
    "report",
    "report/tables",
    "report/figures/CN-JS.en",
    "exports",
    "exports/parquet",
    "exports/networks",
)
WRITTEN_IN_PLACE = ("warehouse.duckdb", ".lake.lock", ".tables.lock", ".dagster.lock", ".ui.lock")
OWN_PARTS = (
    "lake/landing/2011",
    "lake/raw/2011",
    "lake/landing/.patentsview",
    "archive/search",
    "archive/.portal",
)
ON_ANOTHER_DISK = ("lake", "archive", "lake/landing", "lake/raw", "lake/papers", "archive/2011", "dagster")


@pytest.fixture
def home(tmp_path: Path) -> StudyHome:
    return StudyHome(load_study("jiangsu-2018"), tmp_path / "home" / "x")


def linked(path: Path, outside: Path) -> Path:
    """A link to a folder elsewhere in which somebody keeps something."""
    target = outside / path.name
    target.mkdir(parents=True)
    (target / "mine.csv").write_text("mine")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return target


@pytest.mark.parametrize("name", [*OUTPUTS, *OWN_PARTS])
def test_a_folder_of_the_study_s_own_that_is_a_link_is_set_aside_and_what_it_leads_to_left(
    tmp_path: Path, home: StudyHome, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    target = linked(home.root / name, tmp_path / "elsewhere")
    home.make_room()
    assert not os.path.lexists(home.root / name)
    assert (home.root / f"{name}.set-aside-1").readlink() == target
    assert [path.name for path in target.iterdir()] == ["mine.csv"]
    assert (
        f"{home.root / name} is a link where a folder of the study's own belongs, and is set aside"
        in caplog.text
    )


@pytest.mark.parametrize("name", ON_ANOTHER_DISK)
def test_a_lake_or_archive_on_another_disk_is_used_through_its_link(
    tmp_path: Path, home: StudyHome, name: str
) -> None:
    linked(home.root / name, tmp_path / "elsewhere")
    home.make_room()
    assert (home.root / name).is_symlink() and not list(home.in_the_way())


def test_a_link_to_nowhere_is_set_aside_where_outputs_belong_and_named_where_a_disk_may_be(
    tmp_path: Path, home: StudyHome
) -> None:
    home.root.mkdir(parents=True)
    home.report.symlink_to(tmp_path / "gone")
    home.exports.symlink_to(tmp_path / "gone")
    home.make_room()
    assert not os.path.lexists(home.report) and not os.path.lexists(home.exports)
    home.make_room()
    assert [path.name for path in sorted(home.root.iterdir())] == [
        "exports.set-aside-1",
        "report.set-aside-1",
    ]


@pytest.mark.parametrize(
    "name", ["lake", "archive", "dagster", "published.duckdb", "archive/manifest-2011.json"]
)
def test_a_link_to_itself_is_one_that_leads_nowhere(home: StudyHome, name: str) -> None:
    path = home.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path)
    [found] = home.in_the_way()
    assert (found.path, found.what) == (path, "is a link that leads nowhere")
    if "." in name:
        home.make_room()
        assert not list(home.in_the_way())
    else:
        with pytest.raises(
            UserError, match=r"leads nowhere\. Mount the disk it leads to, or remove the link"
        ):
            home.make_room()


@pytest.mark.parametrize("refused", ["iterdir", "stat"])
def test_a_folder_that_may_not_be_looked_into_is_left_to_what_needs_it(
    home: StudyHome, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    (home.archive / "search").mkdir(parents=True)
    home.exports.write_text("a file")
    called = getattr(Path, refused)

    def refusing(path: Path, **options: bool) -> object:
        if path == home.archive:
            raise PermissionError(13, "Permission denied", str(path))
        return called(path, **options)

    monkeypatch.setattr(Path, refused, refusing)
    home.make_room("exports")
    assert (home.root / "exports.set-aside-1").is_file()


@pytest.mark.parametrize("name", WRITTEN_IN_PLACE)
def test_a_file_that_is_written_in_place_is_not_written_through_a_link(
    tmp_path: Path, home: StudyHome, name: str
) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    home.root.mkdir(parents=True)
    (home.root / name).symlink_to(tmp_path / "thesis.docx")
    home.make_room()
    assert not os.path.lexists(home.root / name)
    assert (tmp_path / "thesis.docx").read_text() == "mine"


def test_report_and_export_write_nothing_through_a_link(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    root = home.study_home.root
    for name in ("report", "exports"):
        (root / name).rename(tmp_path / f"old-{name}")
        linked(root / name, tmp_path / "elsewhere")
        (tmp_path / "elsewhere" / name / "old.svg").write_text("mine")
    for command in ("report", "export"):
        said = home.bri(command)
        assert said.exit_code == 0, said.output
    assert (root / "report" / "index.html").is_file() and not (root / "report").is_symlink()
    assert (
        sorted(path.name for path in (tmp_path / "elsewhere").rglob("*.*"))
        == ["mine.csv"] * 2 + ["old.svg"] * 2
    )


def test_json_of_somebody_else_s_in_a_linked_lake_is_not_deleted(tmp_path: Path, home: StudyHome) -> None:
    year = linked(home.landing, tmp_path / "elsewhere") / "2011"
    year.mkdir()
    (year / "notes.json").write_text('{"mine": 1}')
    forget_others(home, 2011, set())
    assert (year / "notes.json.set-aside-1").read_text() == '{"mine": 1}'


def test_packed_files_of_somebody_else_s_in_a_linked_archive_are_not_deleted(
    tmp_path: Path, home: StudyHome
) -> None:
    folder = linked(home.archive, tmp_path / "elsewhere") / "search" / "2011"
    folder.mkdir(parents=True)
    (folder / "mine.gz").write_text("mine")
    (folder / f"{'0' * 64}.gz").write_text("an answer that is not asked for any more")
    KeptAnswers(folder, "a question", lambda: pytest.fail("nothing is asked")).keep()
    assert sorted(path.name for path in folder.iterdir()) == ["answers.json", "mine.gz"]
