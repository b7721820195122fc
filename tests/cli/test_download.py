"""``bri download``: which years and products it takes, and what it says of an archive that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.archives import random_archive
from tests.end_to_end.studies import bri
from tests.portal.standin import StandInPortal, corrupt, denied
from tests.uspto.documents import inventor_v44, v44, write, write_zip

STUDY = 'name = "mine"\nfocal_country = "CN"\nwindow = { start = 2023-01-01, end = 2023-12-31 }\npartners = ["SG"]\n'


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[StandInPortal]:
    random_archive(tmp_path / "portal" / "APPBLXML", seed=14, years=(2024,), size=60)
    with StandInPortal(tmp_path / "portal") as portal:
        yield portal


def study(folder: Path, source: str = "") -> str:
    path = folder / "mine.toml"
    path.write_text(STUDY + source)
    return str(path)


def test_any_years_of_publication_into_an_archive_the_study_does_not_read(
    tmp_path: Path, portal: StandInPortal
) -> None:
    years = f"2001:{date.today().year}"

    result = bri(
        tmp_path, "download", "--product", "APPBLXML", "--years", years, env={"BRI_ODP_URL": portal.url}
    )

    assert result.exit_code == 1, result.output
    assert "The portal lists no APPBLXML files for 2001-2023, 2025" in result.stdout
    archive = tmp_path / "jiangsu-2018" / "archive"
    assert len(list(archive.rglob("*.zip"))) == 3
    [note] = [line for line in result.stderr.splitlines() if line.startswith("Note: ")]
    assert "data/reference_corpus, not the archive" in note
    assert str(archive) in note and "--study live" in note


def test_years_outside_the_window_of_a_study_of_its_own_archive(
    tmp_path: Path, portal: StandInPortal
) -> None:
    arguments = ["download", "--study", study(tmp_path), "--years", "2024"]
    result = bri(tmp_path, *arguments, env={"BRI_ODP_URL": portal.url})
    assert result.exit_code == 0 and "3 files downloaded" in result.stdout
    assert "Note" not in result.output


@pytest.mark.parametrize("years", ["2000:2001", "2024:2023", "2024:2999"])
def test_years_nobody_published_in(tmp_path: Path, years: str) -> None:
    result = bri(tmp_path, "download", "--product", "PVPGPUBDIS", "--years", years)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--years {years} must rise and be within the years of publication, 2001 to " in result.stderr


@pytest.mark.parametrize(
    ("source", "product", "said"),
    [
        ("", "PVPGPUBDIS", "mine does not read PVPGPUBDIS, which goes to {}. It reads APPBLXML: leave out"),
        ("", "appxml", None),
        ('[source]\nkind = "odp"\n', "APPBLXML", "goes to {}. It reads the application search, or name"),
    ],
)
def test_a_product_the_study_cannot_read(
    tmp_path: Path, portal: StandInPortal, source: str, product: str, said: str | None
) -> None:
    for known, name in (("PVPGPUBDIS", "pg_ipc_at_issue.tsv.zip"), ("APPXML", "ipa230105.zip")):
        (tmp_path / "portal" / known).mkdir()
        write_zip(tmp_path / "portal" / known / name, {"member": b"text"})
    arguments = ["download", "--study", study(tmp_path, source), "--product", product]

    result = bri(tmp_path, *arguments, env={"BRI_ODP_URL": portal.url})

    # Of APPBLXML the portal lists no file of the study's year.
    assert result.exit_code == (product == "APPBLXML"), result.output
    if said is None:
        assert "Note" not in result.output
    else:
        assert said.format(tmp_path / "mine" / "archive") in result.stderr


def test_a_product_in_small_letters_is_remembered_as_the_study_s_own(
    tmp_path: Path, portal: StandInPortal
) -> None:
    [*_, week] = sorted((tmp_path / "portal").rglob("*.zip"))
    portal.fault(week.name, corrupt(), times=2)
    arguments = ["download", "--study", study(tmp_path), "--product", "appblxml", "--years", "2024"]

    result = bri(tmp_path, *arguments, env={"BRI_ODP_URL": portal.url})

    assert result.exit_code == 1 and f"{week.name}: " in result.stderr
    assert week.name in (tmp_path / "mine" / "archive" / "missing.json").read_text()


def test_no_key_says_how_to_get_one_and_nothing_else(tmp_path: Path) -> None:
    result = bri(tmp_path, "download", "--product", "APPBLXML", "--years", "2001:2026")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("bri: The Open Data Portal needs a key, and none is set. Get a key at")


def test_a_study_with_nothing_to_download_names_one_that_has(tmp_path: Path) -> None:
    result = bri(tmp_path, "download")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "so there is nothing to download for it. Name a --study that reads its archive (live" in result.stderr
    )


@pytest.mark.slow
def test_a_run_without_a_key_says_that_the_portal_was_not_asked(tmp_path: Path) -> None:
    random_archive(tmp_path / "mine" / "archive", seed=14, years=(2024,), size=60)
    file = Path(study(tmp_path))
    file.write_text(file.read_text().replace("2023", "2024"))
    first, second = (bri(tmp_path, "run", "--study", str(file)) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.stdout.startswith(
        "USPTO_API_KEY is not set, so the portal is not asked for new files.\nNoth"
    )


@pytest.mark.slow
def test_files_put_into_the_archive_unzipped_are_enough_for_a_run(tmp_path: Path) -> None:
    archive = tmp_path / "mine" / "archive"
    archive.mkdir(parents=True)
    week = write(archive / "ipab20230105.xml", v44(inventor_v44("<country>CN</country>")))
    result = bri(tmp_path, "run", "--study", study(tmp_path))
    assert result.exit_code == 0, result.output
    assert "1 publications read" in result.stdout and week.is_file()


def test_files_the_study_cannot_read_are_no_source(tmp_path: Path) -> None:
    random_archive(tmp_path / "mine" / "archive", seed=14, years=(2024,), size=60)
    result = bri(tmp_path, "run", "--study", study(tmp_path, '[source]\nkind = "patentsview_tables"\n'))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "mine has no source files yet. Set USPTO_API_KEY" in result.stderr


def test_a_portal_that_refuses(tmp_path: Path, portal: StandInPortal) -> None:
    portal.fault("/datasets/products/APPBLXML", denied(), times=9)
    result = bri(tmp_path, "download", "--study", study(tmp_path), env={"BRI_ODP_URL": portal.url})
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("bri: Could not get the list of APPBLXML files")
