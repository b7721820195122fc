"""The portal's bulk products and the lists of their files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from bri_pipeline.errors import UserError
from bri_pipeline.portal.client import PortalClient
from bri_pipeline.portal.trouble import PortalError, Trouble
from bri_pipeline.weekly_names import revision_of, without_revision

PAGE_FILES = 1000
MOST_PAGES = 1000
MOST_READINGS = 3
"""A list that changes while its pages are read is read again so often."""
LONGEST_NAME = 180
LARGEST_FILE = 2 * 10**11
"""Bytes; the USPTO's largest files have some 10^10."""
NAME_SHOWN = 60


@dataclass(frozen=True)
class Product:
    """A bulk product the pipeline can use; ``weekly`` files have a date, ``tables`` are whole files.

    first_week  date of the first weekly file; every seventh day since has one
    """

    identifier: str
    title: str
    kind: Literal["weekly", "tables"]
    first_week: date | None = None


PRODUCTS = {
    product.identifier: product
    for product in (
        Product("APPBLXML", "front pages of application publications", "weekly", date(2001, 3, 15)),
        Product("APPXML", "full text of application publications", "weekly", date(2001, 3, 15)),
        Product("PTBLXML", "front pages of granted patents", "weekly", date(2002, 1, 1)),
        Product("PTGRXML", "full text of granted patents", "weekly", date(2002, 1, 1)),
        Product("PVPGPUBDIS", "PatentsView tables of application publications", "tables"),
    )
}


@dataclass(frozen=True)
class BulkFile:
    """One file as the portal lists it.

    size      bytes as listed; exact only below 16 MB (see ``same_size``)
    from_date first day of the data in it; None if the list does not say
    modified  ``fileLastModifiedDateTime`` as text, compared for equality only
    uri       where the list says it can be fetched
    kind      ``Data`` or ``Document``
    """

    product: str
    name: str
    size: int
    from_date: date | None
    modified: str
    uri: str
    kind: str


def product_named(identifier: str) -> Product:
    """The product of that identifier.

    Raises:
        UserError: it is none the pipeline can use.
    """
    product = PRODUCTS.get(identifier.upper())
    if product is None:
        known = "; ".join(f"{one.identifier} ({one.title})" for one in PRODUCTS.values())
        raise UserError(
            f"The product {identifier} is not one this software can use. Name one of these: {known}."
        )
    return product


@dataclass(frozen=True)
class UnusableEntry:
    """An entry of the list that no file can be fetched by: its name as far as it can be shown, and why."""

    name: str
    year: int
    reason: str


@dataclass(frozen=True)
class BulkList:
    """What the portal lists of a product: the files, and the entries that cannot be used."""

    files: list[BulkFile]
    unusable: list[UnusableEntry]


def read_list(client: PortalClient, product: Product, years: range) -> BulkList:
    """The product's data files, highest revisions only, in the order of their dates and names.

    Weekly files are those whose data begin in one of ``years``; tables are listed whole. An entry that cannot be
    used leaves the others; of weekly files it is among the unusable ones unless its date is in other years.

    Raises:
        PortalError: the list could not be had, is not whole, or holds no tables.
        UserError: no entry of the list is in a form this software knows, or ``years`` is empty.
    """
    if not years:
        raise UserError("The range of years is empty; give it as FIRST:LAST, for example 2001:2026.")
    # Documents (data dictionaries, DTDs) may lack what a data file must have.
    entries = [entry for entry in _list_entries(client, product, years) if _is_data(entry)]
    files, unusable, first_problem = [], [], None
    for entry in entries:
        try:
            file = bulk_file(product.identifier, entry)
            if product.kind == "tables" or _data_year(file) in years:
                files.append(file)
        except UserError as error:
            first_problem = first_problem or error
            year = _year_of(entry)
            if year is None or year in years:
                unusable.append(UnusableEntry(_shown_name(entry), year or years[0], str(error)))
    if first_problem and len(unusable) == len(entries):
        raise first_problem
    if not files and product.kind == "tables":  # of weeks, those that are not listed are named
        raise _unusable(product, "the portal lists none, where there must be some")
    return BulkList(highest_revisions(files), unusable)


def list_files(client: PortalClient, product: Product, years: range) -> list[BulkFile]:
    """The files of ``read_list``."""
    return read_list(client, product, years).files


def _shown_name(entry: dict[str, Any]) -> str:
    name = " ".join(re.sub(r"[^\w.\- ]", "?", str(entry.get("fileName") or "")).split())
    return (name if len(name) <= NAME_SHOWN else name[:NAME_SHOWN] + "...") or "(a file without a name)"


def _year_of(entry: dict[str, Any]) -> int | None:
    """The year an entry says its data begin in; None if it does not say, or says what is no date."""
    try:
        day = _date(entry.get("fileDataFromDate") or entry.get("fileDate"))
    except ValueError:
        return None
    return day.year if day else None


def _list_entries(client: PortalClient, product: Product, years: range) -> list[dict[str, Any]]:
    """All entries; where the list may have changed between two of its pages, as two readings in a row give it.

    A file withdrawn meanwhile moves those after it up, and one of them falls between two pages.
    """
    before: dict[tuple[str, str], dict[str, Any]] | None = None
    for _ in range(MOST_READINGS):
        entries, is_whole = _read_pages(client, product, years)
        if is_whole or entries == before:
            return list(entries.values())
        before = entries
    raise _unusable(product, f"it changed each of the {MOST_READINGS} times it was read")


def _read_pages(
    client: PortalClient, product: Product, years: range
) -> tuple[dict[tuple[str, str], dict[str, Any]], bool]:
    """All entries, page by page until one brings nothing new, and whether they are as many as were counted.

    Neither the length of a page nor ``count`` shows that a page is the last: a server may give fewer entries than
    were requested, and count those of the page or of the whole product. Only where it gives the same entries again
    does a higher count show that there are more than it gives.
    """
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    received = different = counted = 0
    for _ in range(MOST_PAGES):
        page, count = _list_page(client, product, years, offset=received)
        counted = max(counted, count)
        new = [entry for entry in page if _identity(entry) not in entries]
        if not new:
            if page and different < counted:
                raise _unusable(product, f"the portal counts {counted} files and lists {different}")
            break
        entries |= {_identity(entry): entry for entry in new}
        received, different = received + len(page), different + len(new)
    else:
        raise _unusable(product, f"its pages do not end, {MOST_PAGES} were read")
    return entries, different >= counted


def _identity(entry: dict[str, Any]) -> tuple[str, str]:
    """Name and address without the query string, which may change from page to page."""
    return str(entry.get("fileName")), str(entry.get("fileDownloadURI")).partition("?")[0]


def _list_page(
    client: PortalClient, product: Product, years: range, *, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """The entries from ``offset`` on, and the answer's ``count``."""
    params: dict[str, str | int] = {"includeFiles": "true", "offset": offset, "limit": PAGE_FILES}
    if product.kind == "weekly":
        params["fileDataFromDate"] = f"{min(years)}-01-01"
        params["fileDataToDate"] = f"{max(years)}-12-31"
    path = f"/api/v1/datasets/products/{product.identifier}"
    try:
        answer = client.get_json(path, params, what=_list_of(product))
    except PortalError as error:
        if offset and error.trouble.kind == "refused":
            return [], 0  # an offset behind the last entry
        raise
    if answer is None or (offset and answer.get("bulkDataProductBag") == []):
        return [], 0
    return _files_in(product, answer)


def _files_in(product: Product, answer: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    bags = _flat(answer.get("bulkDataProductBag"))
    named = (bag for bag in bags if str(bag.get("productIdentifier")).upper() == product.identifier)
    bag = next(named, None)
    if bag is None:
        raise _unusable(product, f"the answer holds no product {product.identifier}")
    file_bags = list(_flat(bag.get("productFileBag")))
    if not file_bags:
        raise _unusable(product, "the answer holds no files of the product")
    entries = [entry for file_bag in file_bags for entry in _flat(file_bag.get("fileDataBag"))]
    try:
        return entries, sum(int(file_bag.get("count") or 0) for file_bag in file_bags)
    except (ValueError, TypeError, OverflowError):
        raise _unusable(product, "the answer's count of files is no number") from None


def _list_of(product: Product) -> str:
    return f"the list of {product.identifier} files"


def _unusable(product: Product, reason: str) -> PortalError:
    return PortalError(_list_of(product), Trouble("unexpected", reason))


def _is_data(entry: dict[str, Any]) -> bool:
    return _kind(entry).lower() == "data"


def _kind(entry: dict[str, Any]) -> str:
    return str(entry.get("fileTypeText") or "Data")


def _flat(value: Any) -> Iterator[dict[str, Any]]:
    """The dictionaries in a list; the portal's documentation shows lists in lists, its answers are flat."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _flat(item)


def bulk_file(product: str, entry: dict[str, Any]) -> BulkFile:
    """One entry of ``fileDataBag``.

    Raises:
        UserError: a name, size or address is missing or cannot be used.
    """
    name = str(entry.get("fileName") or "")
    if not re.fullmatch(r"[A-Za-z0-9][\w.\- ]*", name) or len(name.encode()) > LONGEST_NAME:
        raise UserError(
            f"The portal's list of {product} names a file {name[:80]!r}, which cannot be a file name; "
            "the list may have a new form: update this software."
        )
    try:
        size = int(float(entry["fileSize"]))
        if not 0 <= size <= LARGEST_FILE:
            raise ValueError(f"a size of {size:.3g} bytes")
        return BulkFile(
            product=product,
            name=name,
            size=size,
            from_date=_date(entry.get("fileDataFromDate") or entry.get("fileDate")),
            modified=str(entry.get("fileLastModifiedDateTime") or ""),
            uri=str(entry["fileDownloadURI"]),
            kind=_kind(entry),
        )
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise UserError(
            f"The portal's list of {product} has an entry for {name} that cannot be read ({str(error)[:100]}); "
            "the list may have a new form: update this software."
        ) from None


def _date(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def _data_year(file: BulkFile) -> int:
    if file.from_date is None:
        raise UserError(
            f"The portal's list of {file.product} gives no date for {file.name}; "
            "the list may have a new form: update this software."
        )
    return file.from_date.year


def missing_weeks(product: Product, listed: Iterable[BulkFile], years: range, until: date) -> list[date]:
    """Publication days of the years, to ``until``, for which the portal lists no file.

    The USPTO has published on every Thursday since 2001-03-15 (grants: every Tuesday), holidays included:
    its lists of 1,183 weeks of applications and 1,275 weeks of grants have no gap.
    """
    if product.first_week is None:
        return []
    weeks = (until - product.first_week).days // 7 + 1
    days = (product.first_week + timedelta(weeks=week) for week in range(weeks))
    there = {file.from_date for file in listed}
    return [day for day in days if day.year in years and day not in there]


def archive_path(file: BulkFile) -> str:
    """Path of the file in the archive: weekly files under their year, tables at the top."""
    if PRODUCTS[file.product].kind == "weekly":
        return f"{_data_year(file)}/{file.name}"
    return file.name


def highest_revisions(files: Iterable[BulkFile]) -> list[BulkFile]:
    """Of each week's files the one with the highest ``_rN``, by date and name.

    A revised week is listed beside its base file under the same data date; taking both would load it twice.
    """
    best: dict[tuple[date, str], BulkFile] = {}
    for file in files:
        week = (file.from_date or date.min, without_revision(file.name).lower())
        if week not in best or revision_of(file.name) > revision_of(best[week].name):
            best[week] = file
    return [best[week] for week in sorted(best)]


def same_size(listed: int, other: int) -> bool:
    """Whether two statements of a file's length can mean the same file.

    The portal's lists give sizes now exactly, now through a 32-bit float: ipg240109.zip is 171,326,087 bytes
    in one recorded answer and 171,326,080 in another. Up to 2^24 bytes such a float is exact; above, rounding
    it and printing it shifts the figure by at most one part in 2^23.
    """
    return abs(listed - other) <= _rounding(max(listed, other))


def _rounding(size: int) -> int:
    return size >> 23 if size > 1 << 24 else 0


def most_bytes(listed: int) -> int:
    """The longest file that a listed size can mean."""
    return listed + _rounding(listed + _rounding(listed))


def least_bytes(listed: int) -> int:
    """The shortest file that a listed size can mean."""
    return listed - _rounding(listed)
