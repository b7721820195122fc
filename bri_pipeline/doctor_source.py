"""What a study has to read, for ``doctor``; apart from it, because this needs the packages that may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from bri_pipeline.doctor import Finding
from bri_pipeline.errors import UserError
from bri_pipeline.lake.fetch import product_of
from bri_pipeline.lake.inventory import Inventory
from bri_pipeline.lake.layout import Layout
from bri_pipeline.lake.refresh import source_of
from bri_pipeline.portal.client import portal_client
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study
from bri_pipeline.years import years_in_words

NAMES_SHOWN = 6


def source_findings(study: Study, settings: Settings) -> Iterator[Finding]:
    """The study's files, the portal where the study needs it, and whether it has been run."""
    layout = Layout.of(settings, study)
    try:
        inventory = source_of(study, layout, settings).inventory()
    except UserError as error:
        yield Finding("error", str(error))
        return
    yield from _files(study, inventory)
    yield from _portal(study, settings)
    if not layout.published.is_file():
        yield Finding(
            "note", f"{study.name} has not been run yet", f"run `bri run --study {study.as_argument}`"
        )


def _files(study: Study, inventory: Inventory) -> Iterator[Finding]:
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
    if inventory.lacking_years:
        years = years_in_words(inventory.lacking_years)
        yield Finding("note", f"no source files for {years}", f"{way_out}, or narrow the window")


def _way_to_files(study: Study) -> str:
    product = product_of(study)
    if product is None:
        return f"put them into {study.source.path}, or correct source.path"
    return f"run `bri download --study {study.as_argument} --product {product}`"


def _portal(study: Study, settings: Settings) -> Iterator[Finding]:
    """Whether the portal can be asked, where the study needs it."""
    searches = study.source.kind == "odp"
    if product_of(study) is None and not searches:
        return
    if not settings.may_ask_portal:
        needed = "a run needs it for its searches" if searches else "needed to download"
        state: Literal["note", "error"] = "error" if searches else "note"
        yield Finding(state, "USPTO_API_KEY is not set", f"{needed}; docs/download.md says how to get a key")
        return
    try:
        portal_client(settings)
    except UserError as error:
        yield Finding("error", str(error))
        return
    yield Finding(
        "ok",
        "USPTO_API_KEY is set"
        if settings.api_key
        else "the Open Data Portal is asked at BRI_ODP_URL, without a key",
    )
