"""What is missing or wrong on this machine, and how to mend it.

What reads the study's files is imported when it is needed: a package it needs may be the one that is missing.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Literal, TypeVar

from bri_pipeline.errors import UserError
from bri_pipeline.progress import Listener
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study, load_study
from bri_pipeline.years import years_in_words

if TYPE_CHECKING:
    from bri_pipeline.home import StudyHome
    from bri_pipeline.lake.inventory import Inventory

NEEDED = (
    "dagster",
    "dagster-duckdb",
    "dagster-webserver",
    "duckdb",
    "hyperscan",
    "isal",
    "jinja2",
    "lxml",
    "numpy",
    "polars",
    "pyarrow",
    "rapidfuzz",
    "requests",
    "sqlglot",
)
DAGSTER_TOGETHER = {"dagster": "1.13.27", "dagster-webserver": "1.13.27", "dagster-duckdb": "0.29.27"}
LOW_DISK_BYTES = 2 * 10**9
NAMES_SHOWN = 6
USUAL_PRODUCT = "APPBLXML"

Client = TypeVar("Client")


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``way_out`` says what to do about it."""

    state: Literal["ok", "note", "error"]
    text: str
    way_out: str = ""

    @property
    def is_error(self) -> bool:
        """Whether something will not work until it is mended."""
        return self.state == "error"

    @property
    def line(self) -> str:
        """One line for a person."""
        return f"{self.state:<6} {self.text}" + (f" -> {self.way_out}" if self.way_out else "")


def examine(settings: Settings, study_name: str | None) -> list[Finding]:
    """Look at Python, the packages, the home, the study and its source."""
    findings = [_python(), *_packages(), _home(settings)]
    try:
        study = load_study(study_name or settings.study)
    except UserError as error:
        return [*findings, Finding("error", str(error))]
    findings.append(Finding("ok", f"study {study.name} ({study.path})"))
    try:
        return [*findings, *_source(study, settings)]
    except ImportError:  # of a package that is named above as missing
        return findings


def mend(settings: Settings, study_name: str | None, progress: Listener) -> None:
    """Mend what can be mended in a study's home.

    Raises:
        UserError: the study cannot be read, or its UI is at work.
    """
    from bri_pipeline.commands.doctor_instance import mend_instance
    from bri_pipeline.home import StudyHome

    home = StudyHome.of(load_study(study_name or settings.study), settings)
    home.make_room()
    mend_instance(home, settings, progress)


def _python() -> Finding:
    return Finding("ok", f"Python {'.'.join(map(str, sys.version_info[:3]))}")


def _packages() -> Iterator[Finding]:
    for name in NEEDED:
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Finding(
                "error", f"{name} is not installed", "run `make run`, or pip install -r requirements.txt"
            )
            continue
        wanted = DAGSTER_TOGETHER.get(name, found)
        if found != wanted:
            yield Finding(
                "error",
                f"{name} {found}",
                f"the Dagster packages belong together: pip install {name}=={wanted}",
            )
        else:
            yield Finding("ok", f"{name} {found}")


def _home(settings: Settings) -> Finding:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=settings.home).close()
    except OSError as error:
        return Finding(
            "error",
            f"{settings.home} cannot be written to ({error.strerror})",
            "set BRI_HOME to a folder of yours",
        )
    free = shutil.disk_usage(settings.home).free
    if free < LOW_DISK_BYTES:
        return Finding(
            "error",
            f"only {free / 1e9:.1f} GB free at {settings.home}",
            "free some, or set BRI_HOME to another disk",
        )
    return Finding("ok", f"home {settings.home}, {free / 1e9:.0f} GB free")


def _source(study: Study, settings: Settings) -> Iterator[Finding]:
    """The study's files, the portal where the study needs it, and whether it has been run."""
    from bri_pipeline.files.object_storage import look_at
    from bri_pipeline.home import StudyHome
    from bri_pipeline.lake.source import source_of

    home = StudyHome.of(study, settings)
    try:
        if home.lake:
            look_at(home.lake)
        if in_the_way := list(home.in_the_way()):
            yield from (Finding("error", f"{found.path} {found.what}", found.way_out) for found in in_the_way)
            yield Finding("note", "source, portal and Dagster's history are looked at when that is mended")
            return
        inventory = source_of(home, settings).inventory()
    except UserError as error:
        yield Finding("error", str(error))
        return
    yield from _files(study, inventory)
    yield from _portal(study, settings)
    yield from _papers(home, settings)
    from bri_pipeline.commands.doctor_cluster import cluster_findings
    from bri_pipeline.commands.doctor_instance import instance_findings

    yield from cluster_findings(home, settings)
    yield from instance_findings(home, settings)
    if not home.published.exists():
        yield Finding(
            "note", f"{study.name} has not been run yet", f"run `bri run --study {study.as_argument}`"
        )


def _files(study: Study, inventory: Inventory) -> Iterator[Finding]:
    from bri_pipeline.lake.fetch import product_of

    way_out, by_hand = _way_to_files(study), product_of(study) is None
    # What a download can bring is only noted: a run brings it as well.
    state: Literal["note", "error"] = "error" if by_hand else "note"
    needed = ", ".join(inventory.lacking_files[:NAMES_SHOWN])
    if inventory.found is None:
        names = f"; needed: {needed}" if by_hand else ""
        yield Finding(state, f"no source files for {study.name} yet{names}", way_out)
        return
    yield Finding("ok", inventory.found)
    if needed:
        count = len(inventory.lacking_files)
        files = "1 file is" if count == 1 else f"{count} files are"
        more = ", ..." if count > NAMES_SHOWN else ""
        yield Finding(state, f"{files} missing or could not be downloaded: {needed}{more}", way_out)
    for sentence in inventory.not_opened[:NAMES_SHOWN]:
        yield Finding("note", sentence.rstrip("."))
    if inventory.lacking_years:
        years = years_in_words(inventory.lacking_years)
        yield Finding("note", f"no source files for {years}", f"{way_out}, or narrow the window")


def _way_to_files(study: Study) -> str:
    from bri_pipeline.lake.fetch import product_of

    product = product_of(study)
    if product is None:
        return f"put them into {study.source.path}, or correct source.path"
    return f"run `bri download --study {study.as_argument} --product {product}`"


def _portal(study: Study, settings: Settings) -> Iterator[Finding]:
    """Whether the portal can be asked, where the study needs it."""
    from bri_pipeline.lake.fetch import product_of
    from bri_pipeline.portal.client import PortalClient, Timeouts
    from bri_pipeline.portal.products import list_files, product_named
    from bri_pipeline.portal.trouble import AccessDenied, RetryPolicy

    searches = study.source.kind == "odp"
    if product_of(study) is None and not searches:
        return
    if not settings.may_ask_portal:
        needed = "a run needs it for its searches" if searches else "needed to download"
        state: Literal["note", "error"] = "error" if searches else "note"
        yield Finding(state, "USPTO_API_KEY is not set", f"{needed}; docs/download.md says how to get a key")
        return

    def client() -> PortalClient:
        timeouts = Timeouts(connect=5, answer=10)
        return PortalClient(
            settings.odp_url, settings.api_key, policy=RetryPolicy(tries=1), timeouts=timeouts
        )

    def list_of_this_year(client: PortalClient) -> str:
        """Ask for a list, which costs nothing of the yearly quota of files."""
        this_year = date.today().year
        product = product_named(product_of(study) or USUAL_PRODUCT)
        list_files(client, product, range(this_year, this_year + 1))
        return ""

    yield from _asked_once(
        client,
        list_of_this_year,
        denied=AccessDenied,
        name="the portal",
        way="USPTO_API_KEY is set"
        if settings.api_key
        else "the Open Data Portal is asked at BRI_ODP_URL, without a key",
        has_key=bool(settings.api_key),
    )


def _papers(home: StudyHome, settings: Settings) -> Iterator[Finding]:
    """Whether OpenAlex can be asked, or its snapshot is there, where the study wants papers."""
    from bri_pipeline.lake.papers import paper_files
    from bri_pipeline.openalex.client import HOW_TO_GET_A_KEY, KeyDenied, OpenAlexClient, may_ask_openalex
    from bri_pipeline.openalex.snapshot import works_files
    from bri_pipeline.portal.trouble import RetryPolicy

    papers = home.study.papers
    if papers is None:
        return
    try:
        if papers.path is not None:
            files = sum(1 for _ in works_files(papers.path))
            counted = "1 file" if files == 1 else f"{files:,} files"
            yield Finding("ok", f"{counted} of works of OpenAlex's snapshot in {papers.path}")
            return
        if not may_ask_openalex(settings):
            # Papers that have landed are used without one.
            landed = next(paper_files(home), None) is not None
            state: Literal["note", "error"] = "note" if landed else "error"
            yield Finding(state, "OPENALEX_API_KEY is not set, and the study wants papers", HOW_TO_GET_A_KEY)
            return
    except UserError as error:
        yield Finding("error", str(error))
        return

    def client() -> OpenAlexClient:
        policy = RetryPolicy(tries=1)
        return OpenAlexClient(
            settings.openalex_url, settings.openalex_key, policy=policy, timeouts=(5, 10), pause=0
        )

    def one_record(client: OpenAlexClient) -> str:
        client.ask_for_one_record()
        return f"; {client.remaining:,g} left of the day's budget" if client.remaining is not None else ""

    yield from _asked_once(
        client,
        one_record,
        denied=KeyDenied,
        name="OpenAlex",
        way="OPENALEX_API_KEY is set"
        if settings.openalex_key
        else "OpenAlex is asked at BRI_OPENALEX_URL, without a key",
        has_key=bool(settings.openalex_key),
    )


def _asked_once(
    make_client: Callable[[], Client],
    ask: Callable[[Client], str],
    *,
    denied: type[UserError],
    name: str,
    way: str,
    has_key: bool,
) -> Iterator[Finding]:
    """Whether an online source can be asked: its settings first, then the answer to one small request.

    Args:
        make_client: makes a client that tries once; raises UserError where a setting cannot be used.
        ask: makes the request; returns what else is worth saying of the answer.
        denied: the error of ``ask`` for a key that is not accepted. Any other means that it cannot be asked now.
        name: what the source is called.
        way: how it is asked, with a key or without.
        has_key: whether a key is set.
    """
    try:
        client = make_client()
    except UserError as error:
        yield Finding("error", str(error))
        return
    yield Finding("ok", way)
    try:
        more = ask(client)
    except denied as error:
        yield Finding("error", str(error))
    except UserError as error:
        yield Finding("note", f"{name} could not be asked now ({error})", "try again later")
    else:
        accepted = " and accepts the key" if has_key else ""
        yield Finding("ok", f"{name} answers{accepted}{more}")


def examine_archive(settings: Settings, study_name: str | None, progress: Listener) -> list[Finding]:
    """Read every file of the study's archive and compare it with the sha256 it was verified with."""
    from bri_pipeline.home import StudyHome
    from bri_pipeline.lake.integrity import changed_files

    try:
        study = load_study(study_name or settings.study)
        home = StudyHome.of(study, settings)
        compared, changed = changed_files(home, progress)
    except UserError as error:
        return [Finding("error", str(error))]
    if not compared:
        return [Finding("note", f"{study.name} has no verified files yet", "`bri run` verifies them")]
    found = [Finding("error", f"{path}: {what}", way_out) for path, what, way_out in changed]
    sound = compared - len(changed)
    return [*found, Finding("ok", f"{sound:,} of {compared:,} archived files are as they were verified")]
