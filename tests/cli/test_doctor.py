"""``bri doctor`` on studies of every source: what is there, what lacks, and how to come by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result

from tests.archives import random_archive
from tests.end_to_end.studies import Home, bri
from tests.openalex.standin import Fault, StandInOpenAlex
from tests.patentsview.corpus import PUBLICATIONS
from tests.patentsview.write_tables import write_tables
from tests.portal.conftest import KEY
from tests.portal.standin import StandInPortal

STUDY = """\
name = "mine"
focal_country = "CN"
window = { start = 2016-01-01, end = 2018-12-31 }
partners = ["SG"]
"""
TABLES = '[source]\nkind = "patentsview_tables"\n'
GRANTS = 'documents = "grants"\n'
SEARCH = '[source]\nkind = "odp"\n'
PROXY = {"BRI_ODP_URL": "http://127.0.0.1:9"}  # nobody answers there


def doctor(folder: Path, extra: str, env: dict[str, str] | None = None) -> Result:
    (folder / "mine.toml").write_text(STUDY + extra)
    return bri(folder / "home", "doctor", "--study", str(folder / "mine.toml"), env=env)


def about_source(result: Result) -> list[str]:
    """The lines after the one on the study file."""
    lines = result.output.splitlines()
    return lines[next(n for n, line in enumerate(lines) if "study mine (" in line) + 1 :]


@pytest.mark.parametrize(
    ("extra", "product"), [("", "APPBLXML"), (GRANTS, "PTBLXML"), (TABLES, "PVPGPUBDIS")]
)
def test_an_empty_archive_is_filled_with_the_product_the_study_reads(
    tmp_path: Path, extra: str, product: str
) -> None:
    result = doctor(tmp_path, extra)
    assert result.exit_code == 0, result.output
    files, key, run = about_source(result)
    assert files.startswith("note   no source files for mine yet")
    assert f"`bri download --study {tmp_path / 'mine.toml'} --product {product}`" in files
    assert key.startswith("note   USPTO_API_KEY is not set -> needed to download")
    assert f"`bri run --study {tmp_path / 'mine.toml'}`" in run


def test_tables_in_the_archive(tmp_path: Path) -> None:
    archive = write_tables(PUBLICATIONS, tmp_path / "home" / "mine" / "archive")
    assert about_source(doctor(tmp_path, TABLES))[0] == f"ok     6 of the 6 PatentsView tables in {archive}"

    (archive / "pg_ipc_at_issue.tsv.zip").unlink()

    some, lacking, *_ = about_source(doctor(tmp_path, TABLES))
    assert some.startswith("ok     5 of the 6")
    assert "1 file is missing or could not be downloaded: pg_ipc_at_issue.tsv.zip -> run" in lacking


def test_tables_in_a_folder_of_the_study(tmp_path: Path) -> None:
    folder = write_tables(PUBLICATIONS, tmp_path / "tables")
    extra = f'{TABLES}path = "{folder}"\n'
    sound = doctor(tmp_path, extra)
    assert sound.exit_code == 0 and "USPTO_API_KEY" not in sound.output
    assert about_source(sound)[0] == f"ok     6 of the 6 PatentsView tables in {folder}"

    for path in folder.iterdir():
        path.unlink()

    empty = doctor(tmp_path, extra)
    assert empty.exit_code == 1
    assert about_source(empty)[0].startswith("error  no source files for mine yet; needed: pg_published_app")
    assert f"-> put them into {folder}, or correct source.path" in empty.output
    folder.rmdir()
    assert f"{folder} does not exist" in doctor(tmp_path, extra).output


def test_weekly_files_are_counted_by_year(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=14, years=(2017,), size=60)
    shutil.copytree(truth.folder, tmp_path / "home" / "mine" / "archive")
    files, years, *_ = about_source(doctor(tmp_path, ""))
    count = len(list(truth.folder.rglob("*.zip")))
    assert files == f"ok     {count} weekly files of 1 year in {tmp_path / 'home' / 'mine' / 'archive'}"
    assert years.startswith("note   no source files for 2016, 2018 -> run `bri download --study ")
    assert years.endswith(" --product APPBLXML`, or narrow the window")


def test_years_that_lack_are_put_into_the_folder_of_the_study(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=14, years=(2018,), size=60)
    _, years, *_ = about_source(doctor(tmp_path, f'[source]\npath = "{truth.folder}"\n'))
    assert years.startswith(f"note   no source files for 2016-2017 -> put them into {truth.folder}, ")


def test_a_file_that_could_not_be_downloaded_is_not_counted(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=14, years=(2017,), size=60)
    archive = tmp_path / "home" / "mine" / "archive"
    shutil.copytree(truth.folder, archive)
    there = len(list(archive.rglob("*.zip")))
    (archive / "missing.json").write_text('{"2017": {"ipab20171228_wk52.zip": "it broke off"}}')
    files, missing, *_ = about_source(doctor(tmp_path, ""))
    assert files.startswith(f"ok     {there} weekly files")
    assert "1 file is missing or could not be downloaded: ipab20171228_wk52.zip -> run `bri down" in missing


def test_the_search_needs_no_files_but_a_portal_to_ask(tmp_path: Path) -> None:
    keyless = doctor(tmp_path, SEARCH)
    assert keyless.exit_code == 1
    files, key, _ = about_source(keyless)
    assert files == "ok     no source files are needed: a run asks the portal's application search"
    assert key.startswith("error  USPTO_API_KEY is not set -> a run needs it for its searches")
    assert doctor(tmp_path, SEARCH, PROXY).exit_code == 0


@pytest.mark.parametrize("extra", ["", TABLES, SEARCH])
def test_a_proxy_is_asked_without_a_key(tmp_path: Path, extra: str) -> None:
    lines = about_source(doctor(tmp_path, extra, PROXY))
    assert "ok     the Open Data Portal is asked at BRI_ODP_URL, without a key" in lines


def test_a_key_is_said_to_be_there_and_not_shown(tmp_path: Path) -> None:
    result = doctor(tmp_path, "", {"USPTO_API_KEY": "k3y-0f-n0b0dy", **PROXY})
    assert "ok     USPTO_API_KEY is set" in about_source(result)
    assert "note   the portal could not be asked now" in result.output
    assert "k3y-0f-n0b0dy" not in result.output
    mistyped = doctor(tmp_path, "", {"USPTO_API_KEY": "two words"})
    assert mistyped.exit_code == 1
    assert "error  USPTO_API_KEY holds blanks" in mistyped.output and "two words" not in mistyped.output


@pytest.mark.parametrize(
    ("given", "exit_code", "said"),
    [(KEY, 0, "ok     the portal answers and accepts the key"), ("another-key", 1, "error  ")],
)
def test_the_portal_is_asked_whether_it_accepts_the_key(
    tmp_path: Path, given: str, exit_code: int, said: str
) -> None:
    random_archive(tmp_path / "portal" / "APPBLXML", seed=14, years=(2017,), size=12)
    with StandInPortal(tmp_path / "portal", key=KEY) as portal:
        result = doctor(tmp_path, "", {"USPTO_API_KEY": given, "BRI_ODP_URL": portal.url})
    assert result.exit_code == exit_code, result.output
    assert any(line.startswith(said) for line in result.output.splitlines()), result.output
    assert given not in result.output


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    program = (
        "import importlib.metadata as metadata, sys\n"
        "installed = metadata.version\n"
        "def version(name):\n"
        "    if name == 'polars':\n"
        "        raise metadata.PackageNotFoundError(name)\n"
        "    return installed(name)\n"
        "metadata.version, sys.modules['polars'] = version, None\n"
        "from bri_pipeline.cli import main\n"
        "main(['doctor'])\n"
    )
    process = Home(tmp_path / "home", tmp_path / "unused").python("-c", program)
    output, complaints = process.communicate()
    assert (process.returncode, complaints) == (1, "")
    assert "error  polars is not installed -> run `make run`" in output


def test_a_shipped_study_is_called_by_its_name(tmp_path: Path) -> None:
    output = bri(tmp_path, "doctor", "--study", "live").output
    assert "run `bri download --study live --product APPBLXML`" in output
    assert "run `bri run --study live`" in output


PAPERS = "papers = {}\n"
OPENALEX_KEY = "s3cret-Dist1nctive-openalex"


def about_papers(result: Result) -> list[str]:
    """The lines that speak of OpenAlex, or of what it answered."""
    return [line for line in about_source(result) if "OpenAlex" in line or "OPENALEX" in line]


@pytest.mark.parametrize("extra", ["", PAPERS])
def test_openalex_is_mentioned_only_where_a_study_wants_papers(tmp_path: Path, extra: str) -> None:
    result = doctor(tmp_path, extra)
    if extra:
        [line] = about_papers(result)
        assert line.startswith(
            "error  OPENALEX_API_KEY is not set, and the study wants papers -> Get a free key"
        )
        assert result.exit_code == 1
    else:
        assert about_papers(result) == []


def test_openalex_is_asked_whether_it_accepts_the_key(tmp_path: Path) -> None:
    with StandInOpenAlex([], [], key=OPENALEX_KEY, remaining=9_000) as openalex:
        env = {"BRI_OPENALEX_URL": openalex.url, "OPENALEX_API_KEY": OPENALEX_KEY}
        accepted = doctor(tmp_path, PAPERS, env)
        wrong = doctor(tmp_path, PAPERS, {**env, "OPENALEX_API_KEY": "wr0ng-key"})
        openalex.faults = [Fault(429, b"{}", {"Retry-After": "1"})]
        busy = doctor(tmp_path, PAPERS, env)
        without = doctor(tmp_path, PAPERS, {"BRI_OPENALEX_URL": openalex.url})
        requests = len(openalex.requests)
    gone = doctor(tmp_path, PAPERS, env)

    there, answers = about_papers(accepted)
    assert (there, accepted.exit_code) == ("ok     OPENALEX_API_KEY is set", 0)
    assert answers == "ok     OpenAlex answers and accepts the key; 8,999 left of the day's budget"
    assert about_papers(wrong)[1].startswith(
        "error  Could not get an answer: OpenAlex answered 401: the key was not"
    )
    assert about_papers(busy)[1].startswith("note   OpenAlex could not be asked now")
    assert about_papers(without)[0] == "ok     OpenAlex is asked at BRI_OPENALEX_URL, without a key"
    assert about_papers(gone)[1].startswith("note   OpenAlex could not be asked now")
    assert requests == 4
    for result, key in (
        (accepted, OPENALEX_KEY),
        (wrong, "wr0ng-key"),
        (busy, OPENALEX_KEY),
        (gone, OPENALEX_KEY),
    ):
        assert key not in result.output


def test_a_snapshot_of_openalex_is_looked_for(tmp_path: Path) -> None:
    extra = '[papers]\nkind = "openalex_snapshot"\npath = "snapshot"\n'
    works = tmp_path / "snapshot" / "data" / "works" / "updated_date=2024-01-15"
    works.mkdir(parents=True)
    (works / "part_000.gz").write_bytes(b"")
    assert about_papers(doctor(tmp_path, extra)) == [
        f"ok     1 file of works of OpenAlex's snapshot in {tmp_path / 'snapshot'}"
    ]
    shutil.rmtree(works)
    missing = doctor(tmp_path, extra)
    assert missing.exit_code == 1
    assert any(line.startswith("error ") and "snapshot" in line for line in about_source(missing))
