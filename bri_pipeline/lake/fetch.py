"""From the Open Data Portal into a study's own archive folder, remembering what did not arrive."""

from __future__ import annotations

from collections.abc import Sequence

from bri_pipeline.errors import UserError
from bri_pipeline.files.object_storage import is_object
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import missing_files, remember_missing
from bri_pipeline.lake.source import source_of
from bri_pipeline.patentsview.columns import EXTRA_TABLES, TABLES
from bri_pipeline.portal.client import portal_client
from bri_pipeline.portal.download import DownloadResult, download_product, list_changed
from bri_pipeline.portal.products import product_named
from bri_pipeline.progress import Listener, Progress
from bri_pipeline.settings import DEFAULT_ODP_URL, Settings
from bri_pipeline.study import Study

NOT_ASKED = "USPTO_API_KEY is not set, so the portal is not asked for new files"

# What each kind of study can read, the product that is downloaded for it first.
PRODUCTS = {
    ("weekly_xml", "publications"): ("APPBLXML", "APPXML"),
    ("weekly_xml", "grants"): ("PTBLXML", "PTGRXML"),
    ("patentsview_tables", "publications"): ("PVPGPUBDIS",),
}


def product_of(study: Study) -> str | None:
    """The bulk product that fills the study's archive; null where the study reads a folder or the search."""
    readable = _readable_products(study)
    return readable[0] if readable and study.source.path is None else None


def _readable_products(study: Study) -> tuple[str, ...]:
    return PRODUCTS.get((study.source.kind, study.documents), ())


def changed_years(home: StudyHome, settings: Settings, years: Sequence[int]) -> set[int]:
    """The years for which the portal has files that the archive has not; none where it cannot be asked.

    Raises:
        UserError: the portal could not be asked.
    """
    product = product_of(home.study)
    if product is None or not settings.may_ask_portal or not years or is_object(home.archive):
        return set()
    try:
        changed = list_changed(
            portal_client(settings), product, _span(years), home.archive, _names_read(product)
        )
    except UserError as error:
        way_round = _way_round(settings) if _has_files(home, settings) else ""
        raise UserError(f"{error}{way_round}") from None
    missing = set(missing_files(home))
    dated = {file.from_date.year for file in changed if file.from_date} | missing
    if _is_for_all_years(product):
        return set(years) if changed else set()
    return dated & set(years)


def years_to_mend(home: StudyHome) -> set[int]:
    """The years of which a file that a download could bring is missing."""
    return set(missing_files(home)) if product_of(home.study) else set()


def fetch_years(
    home: StudyHome, settings: Settings, years: Sequence[int], progress: Listener
) -> DownloadResult | None:
    """Download what is new or changed for the years; what fails is remembered and shown as a problem.

    Returns:
        What was done; null where there is nothing to download from or the portal cannot be asked.

    Raises:
        UserError: a portal that cannot be asked and an empty archive, a key that is not accepted, a list that
            could not be had.
    """
    product = product_of(home.study)
    if product is None:
        return None
    if is_object(home.archive):
        progress(Progress(f"archive: {_by_hand(home)}"))
        return None
    if not settings.may_ask_portal:
        if not _has_files(home, settings):
            raise UserError(
                f"{home.study.name} has no source files yet. Set USPTO_API_KEY so that they can be downloaded "
                f"(docs/download.md says how to get a key), or put the files into {home.archive}."
            )
        progress(Progress(f"archive: {NOT_ASKED}"))
        return None
    result = download_product(
        portal_client(settings),
        product,
        _span(years),
        home.archive,
        names=_names_read(product),
        progress=progress,
    )
    _remember(home, product, years, result)
    for note in result.notes:
        progress(Progress(f"archive: {note}"))
    for failure in result.failed:
        why = f"{failure.reason} {failure.way_out}"
        progress(Progress(f"archive: {failure.name} was not downloaded: {why}"))
    fetched = f"{len(result.downloaded)} files downloaded ({result.bytes / 1e6:,.1f} MB)"
    there = len(result.unchanged) + len(result.adopted)
    progress(Progress(f"archive: {fetched}, {there} were there, {len(result.failed)} failed"))
    return result


def download_to_archive(
    home: StudyHome,
    settings: Settings,
    product: str | None,
    years: Sequence[int],
    progress: Listener,
) -> DownloadResult:
    """What ``bri download`` does: a product (default: the study's own) for the years.

    Says beforehand if the study will not read what is downloaded.

    Raises:
        UserError: the study has no product of its own and none is named; else as ``fetch_years``.
    """
    if is_object(home.archive):
        why = _by_hand(home)
        raise UserError(f"{why[0].upper()}{why[1:]}")
    named = product or product_of(home.study)
    if named is None:
        raise UserError(
            f"{home.study.name} reads {home.study.source.path or 'the application search'}, "
            "so there is nothing to download for it. "
            "Name a --study that reads its archive (live, for example), or a --product."
        )
    wanted = product_named(named).identifier
    client = portal_client(settings)
    if note := _unread(home, wanted):
        progress(Progress(note))
    names = _names_read(wanted) if wanted in _readable_products(home.study) else None
    result = download_product(client, wanted, _span(years), home.archive, names=names, progress=progress)
    if wanted == product_of(home.study):
        _remember(home, wanted, years, result)
    return result


def _by_hand(home: StudyHome) -> str:
    """Why nothing is downloaded into object storage, and how files get there; the first letter is small."""
    return (
        f"nothing is downloaded into object storage ({home.archive}). Download without BRI_LAKE, then copy the "
        "files there."
    )


def _unread(home: StudyHome, product: str) -> str | None:
    """What to tell somebody who fills an archive with what its study does not read; null where it does."""
    if home.study.source.path is not None:
        return (
            f"Note: {home.study.name} reads {home.study.source.path}, not the archive {home.archive} "
            "that is filled here. To read what is downloaded, name a study without "
            "source.path (--study live, for example), or set source.path to that folder."
        )
    if product in _readable_products(home.study):
        return None
    own = product_of(home.study)
    return (
        f"Note: {home.study.name} does not read {product}, which goes to {home.archive}. "
        + (f"It reads {own}: leave out --product" if own else "It reads the application search")
        + ", or name a --study that reads what is downloaded."
    )


def _remember(home: StudyHome, product: str, years: Sequence[int], result: DownloadResult) -> None:
    """Replace the list of missing files for the requested years, or for tables the whole list."""
    whole = _is_for_all_years(product)
    missing = {
        year: files for year, files in missing_files(home).items() if not whole and year not in _span(years)
    }
    for failure in result.failed:
        year = years[0] if whole or failure.year is None else failure.year
        missing.setdefault(year, {})[failure.name] = f"{failure.reason} {failure.way_out}"
    remember_missing(home, missing)


def _is_for_all_years(product: str) -> bool:
    return product_named(product).kind == "tables"


def _names_read(product: str) -> frozenset[str] | None:
    """The files that are read of a product of tables; None for any other product, of which all are."""
    if not _is_for_all_years(product):
        return None
    return frozenset(table.file_name for table in (*TABLES, *EXTRA_TABLES))


def _way_round(settings: Settings) -> str:
    """How to do without the portal: take back whatever makes ``may_ask_portal`` true."""
    made_by = {"USPTO_API_KEY": settings.api_key, "BRI_ODP_URL": settings.odp_url != DEFAULT_ODP_URL}
    names = " and ".join(name for name, is_set in made_by.items() if is_set)
    return f" To run on the files that are there already, unset {names}."


def _has_files(home: StudyHome, settings: Settings) -> bool:
    return source_of(home, settings).inventory().found is not None


def _span(years: Sequence[int]) -> range:
    return range(min(years), max(years) + 1)
