"""Writes publications as pre-grant tables, the way PatentsView exports them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bri_pipeline.publication.record import Applicant, Publication

HEADERS = {
    "pg_published_application": "pgpub_id application_id filing_date patent_type filing_type published_date wipo_kind "
    "series_code application_title rule_47_flag filename",
    "pg_inventor_not_disambiguated": "pgpub_id inventor_sequence inventor_id raw_inventor_name_first "
    "raw_inventor_name_last deceased_flag rawlocation_id",
    "pg_applicant_not_disambiguated": "pgpub_id applicant_sequence raw_applicant_name_first raw_applicant_name_last "
    "raw_applicant_organization applicant_type applicant_designation applicant_authority rawlocation_id",
    "pg_assignee_not_disambiguated": "pgpub_id assignee_sequence assignee_id raw_assignee_individual_name_first "
    "raw_assignee_individual_name_last raw_assignee_organization assignee_type rawlocation_id",
    "pg_location_not_disambiguated": "rawlocation_id location_id raw_city raw_state raw_country",
    "pg_ipc_at_issue": "pgpub_id ipc_sequence classification_level section ipc_class subclass main_group subgroup "
    "classification_value classification_status classification_data_source action_date ipc_version_indicator",
    "pg_cpc_at_issue": "pgpub_id cpc_sequence cpc_version_indicator cpc_section cpc_class cpc_subclass cpc_group "
    "cpc_type cpc_action_date",
    "pg_foreign_priority": "pgpub_id priority_claim_sequence priority_claim_kind foreign_application_id filing_date "
    "foreign_country_filed",
    "pg_us_rel_doc": "pgpub_id related_doc_number published_country related_doc_type related_doc_kind "
    "related_doc_published_date related_doc_sequence",
    "pg_pct_data": "pgpub_id published_or_filed_date pct_371_date pct_102_date filed_country application_kind "
    "pct_doc_number pct_doc_type",
}
Rows = dict[str, list[list[Any]]]


def table_rows(publications: Iterable[Publication]) -> Rows:
    """The rows of every table; tests may change them before they are written."""
    rows: Rows = {name: [] for name in HEADERS}
    location_ids = count(1)

    def located(city: str | None, state: str | None, country: str | None) -> str | None:
        if city is state is country is None:
            return None
        rawlocation_id = f"{next(location_ids):08x}-4af0-11eb-8f15-121df0c29c1e"
        rows["pg_location_not_disambiguated"].append([rawlocation_id, None, city, state, country])
        return rawlocation_id

    for publication in publications:
        _add_publication(rows, publication)
        pgpub_id = int(publication.publication_number[2:13])
        for number, inventor in enumerate(publication.inventors):
            place = located(inventor.city_raw, inventor.region_raw, inventor.address_country)
            rows["pg_inventor_not_disambiguated"].append(
                [
                    pgpub_id,
                    number,
                    f"fl:x_ln:y-{number}",
                    inventor.first_name,
                    inventor.last_name,
                    "False",
                    place,
                ]
            )
        for applicant in publication.applicants:
            place = located(applicant.city_raw, None, applicant.country)
            _add_applicant(rows, pgpub_id, applicant, place)
    return rows


def _add_publication(rows: Rows, publication: Publication) -> None:
    number = publication.publication_number
    pgpub_id = int(number[2:13])
    rows["pg_published_application"].append(
        [
            pgpub_id,
            publication.application_number,
            publication.filing_date and publication.filing_date.isoformat(),
            "utility",
            "new-utility",
            publication.publication_date.isoformat(),
            publication.kind,
            (publication.application_number or "")[:2],
            publication.title,
            "False",
            f"ipa{publication.publication_date:%y%m%d}.xml",
        ]
    )
    for sequence, ipc in enumerate(publication.ipc):
        group, _, subgroup = ipc.symbol[5:].partition("/")
        parts = [ipc.symbol[0], ipc.symbol[1:3], ipc.symbol[3], group, subgroup]
        rows["pg_ipc_at_issue"].append(
            [pgpub_id, sequence, "A", *parts, "I", "B", "H", "2015-07-30", "2006-01-01"]
        )
    for sequence, cpc in enumerate(publication.cpc):
        symbol = cpc.symbol.replace(" ", "")
        parts = [symbol[0], symbol[:3], symbol[:4], symbol]
        rows["pg_cpc_at_issue"].append(
            [pgpub_id, sequence, "2013-01-01", *parts, "inventional", "2015-07-30"]
        )
    _add_related(rows, publication)


def _add_related(rows: Rows, publication: Publication) -> None:
    """Parents come with the child beside them, as in PatentsView's table; only the parent is a related document."""
    pgpub_id = int(publication.publication_number[2:13])
    for sequence, (relation, country, number, day) in enumerate(publication.related):
        written = day and day.isoformat()
        if relation == "foreign-priority":
            row = [pgpub_id, sequence, "national", number, written, country]
            rows["pg_foreign_priority"].append(row)
        elif relation.startswith("pct"):
            row = [pgpub_id, written, None, None, country, "00", number, "pct_application"]
            rows["pg_pct_data"].append(row)
        elif relation in ("provisional", "related-publication"):
            kind = "us-provisional-application" if relation == "provisional" else relation
            row = [pgpub_id, number, country, kind, None, written, sequence]
            rows["pg_us_rel_doc"].append(row)
        else:
            child = [pgpub_id, publication.application_number, "US", relation, "child-doc", None, sequence]
            parent = [pgpub_id, number, country, relation, "parent-doc", written, sequence]
            rows["pg_us_rel_doc"] += [child, parent]


def _add_applicant(rows: Rows, pgpub_id: int, applicant: Applicant, place: str | None) -> None:
    last, first = (applicant.name, None) if applicant.kind == "organization" else applicant.name.split(", ")
    organization = applicant.name if applicant.kind == "organization" else None
    names = [first, None if organization else last, organization]
    if applicant.role == "assignee":
        row = [pgpub_id, applicant.sequence, f"assignee-{applicant.sequence}", *names, 3, place]
        rows["pg_assignee_not_disambiguated"].append(row)
    else:
        row = [pgpub_id, applicant.sequence, *names, "applicant", "us-only", "assignee", place]
        rows["pg_applicant_not_disambiguated"].append(row)


def table_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Tab-separated text: texts quoted, quotes in them doubled, numbers bare, nothing as an empty text."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return text.getvalue()


def unquoted_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Tab-separated text as the tables of 2020 and before have it: nothing quoted."""
    lines = [header, *(["" if value is None else str(value) for value in row] for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def write_zip(folder: Path, name: str, text: str | bytes) -> Path:
    """A table's zip."""
    path = folder / f"{name}.tsv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.tsv", text)
    return path


def write_rows(rows: Rows, folder: Path) -> Path:
    """The zips of all tables in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, header in HEADERS.items():
        write_zip(folder, name, table_text(header.split(), rows[name]))
    return folder


def write_tables(publications: Iterable[Publication], folder: Path) -> Path:
    """Publications as the zips of all tables in a folder."""
    return write_rows(table_rows(publications), folder)
