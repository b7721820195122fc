"""The programs that ``bench.peers`` runs, one at a time, in the virtual environment of the peers.

    python peer_readers.py NAME FOLDER COUNTRY COUNTRY

Each prints the numbers of the publications in FOLDER that have an inventor of both countries, one a line, as well as
it can. This file knows nothing of the product, so that nothing of it is imported with a peer.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

# Where the countries of inventors are, in each era: of a residence, or of the address where there is none.
INVENTORS = (
    "us-bibliographic-data-application/us-parties/inventors/inventor",
    "us-bibliographic-data-application/parties/applicants/applicant[@app-type='applicant-inventor']",
    "subdoc-bibliographic-information/inventors/*",
)
COUNTRIES = ("residence/country", "addressbook/address/country", "residence//country-code")
NUMBERS = (
    "us-bibliographic-data-application/publication-reference/document-id/doc-number",
    "subdoc-bibliographic-information/document-id/doc-number",
)
DECLARATION = re.compile(rb'(?=<\?xml version="1.0")')
# An external subset that is never read would make every named entity an error.
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>")


def documents(folder: Path) -> Iterator[bytes]:
    """Every document of the weekly zips."""
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    yield from (text for text in DECLARATION.split(archive.read(name)) if text.strip())


def lxml_each(folder: Path, countries: set[str]) -> Iterator[str]:
    """Every document parsed by lxml, and the countries of its inventors looked at."""
    yield from _parsed(documents(folder), countries)


def filter_then_lxml(folder: Path, countries: set[str]) -> Iterator[str]:
    """Only documents that hold both codes as text parsed."""
    codes = [f">{country}<".encode() for country in countries]
    yield from _parsed((text for text in documents(folder) if all(code in text for code in codes)), countries)


def _parsed(texts: Iterator[bytes], countries: set[str]) -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, recover=True)
    for text in texts:
        root = etree.fromstring(DOCTYPE.sub(b"", text, count=1), parser)
        inventors = [inventor for path in INVENTORS for inventor in root.findall(path)]
        if countries <= {_country(inventor) for inventor in inventors}:
            yield next(number for path in NUMBERS if (number := root.findtext(path)))


def _country(inventor: object) -> str:
    return next((code for path in COUNTRIES if (code := inventor.findtext(path))), "")  # type: ignore[attr-defined]


def alexandria3k(folder: Path, countries: set[str]) -> Iterator[str]:
    """A query over its virtual tables; it knows grants alone, so the folder holds the documents written as grants."""
    from alexandria3k.data_sources.uspto import Uspto

    rows = Uspto(str(folder)).query(
        "select us_patents.publication_reference_doc_number, usp_inventors.country from us_patents "
        "inner join usp_inventors on usp_inventors.patent_id = us_patents.id",
        partition=True,
    )
    found: dict[str, set[str]] = {}
    for number, country in rows:
        found.setdefault(number, set()).add(country)
    yield from (number for number, codes in found.items() if countries <= codes)


def fastpat(folder: Path, countries: set[str]) -> Iterator[str]:
    """Its tables of applications; they hold the country of the first applicant or inventor, so it finds none."""
    import csv

    with tempfile.TemporaryDirectory() as temporary:
        raw = Path(temporary) / "raw" / "apply"
        raw.mkdir(parents=True)
        for path in sorted(folder.rglob("*.zip")):
            subprocess.run(["unzip", "-q", "-o", path, "*.xml", "-d", raw], check=True)
            # It recognises front pages by the name of the zip.
            [unpacked] = [one for one in raw.iterdir() if not one.stem.count("_")]
            unpacked.rename(raw / f"{path.stem}.xml")
        command = [sys.executable, "-m", "fastpat", "parse", "apply", "--threads", "2", "--concat", "False"]
        subprocess.run([*command, "--datadir", temporary], check=True, stdout=subprocess.DEVNULL)
        for table in sorted(Path(temporary).rglob("apply_*.csv")):
            with table.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    if countries <= {row["country"]}:
                        yield row["pubnum"]


def duckdb_tables(folder: Path, countries: set[str]) -> Iterator[str]:
    """A join over the unpacked PatentsView tables of the same publications."""
    import duckdb

    with tempfile.TemporaryDirectory() as temporary:
        for path in sorted(folder.glob("*.tsv.zip")):
            subprocess.run(["unzip", "-q", path, "-d", temporary], check=True)
        rows = duckdb.sql(
            f"""
            select pgpub_id
            from read_csv('{temporary}/pg_inventor_not_disambiguated.tsv', delim='\t', all_varchar=true)
            inner join read_csv('{temporary}/pg_location_not_disambiguated.tsv', delim='\t', all_varchar=true)
                using (rawlocation_id)
            group by pgpub_id
            having {" and ".join(f"bool_or(raw_country = '{country}')" for country in sorted(countries))}
            """
        ).fetchall()
    yield from (number for (number,) in rows)


READERS: dict[str, Callable[[Path, set[str]], Iterator[str]]] = {
    reader.__name__: reader for reader in (lxml_each, filter_then_lxml, alexandria3k, fastpat, duckdb_tables)
}

if __name__ == "__main__":
    name, folder, *asked = sys.argv[1:]
    for found in READERS[name](Path(folder), set(asked)):
        print(found)
