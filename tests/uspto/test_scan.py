"""The scan keeps what parsing everything would keep, and counts what parsing everything would count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Literal
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.files import stream as stream_module
from bri_pipeline.publication.record import Publication
from bri_pipeline.publication.scanned import CountrySet
from bri_pipeline.uspto import scan as scan_module
from bri_pipeline.uspto.country_counts import countries_of, read_plainly
from bri_pipeline.uspto.parse import parse_document
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from bri_pipeline.uspto.split import RawDocument, find_root
from tests.uspto.documents import (
    DECLARATION,
    applicant_v42,
    home_pap,
    inventor_pap,
    inventor_v44,
    pap,
    v42,
    v44,
    write,
    write_zip,
)

CN = "<country>CN</country>"
US = "<country>US</country>"

CODES = [
    *(
        "CN",
        "CN",
        "cn",
        "Cn",
        "CNX",
        "CHN",
        "CHE",
        "US",
        "US",
        "us",
        "USA",
        "USX",
        "DE",
        "DE",
        "TW",
        "HK",
        "NA",
    ),
    *(
        "SG",
        "omitted",
        "unknown",
        "OMITTED",
        "China",
        "",
        " ",
        "C N",
        "&#67;N",
        "&#x43;&#78;",
        "U&#83;",
    ),
    *("<![CDATA[CN]]>", "C<!-- x -->N", "<!-- CN -->US", "C<?x y?>N", "<b>CN</b>", "C<b>N</b>"),
    "<!-- </country> -->CN",
]
BLANKS = ["", "", "", "", " ", "\n", "\r\n  ", "\t", "\u00a0"]
TAGS = ["<{}>"] * 6 + ['<{} lang="EN">', "<{} >", "<{}\n>"]


class Writer:
    """Documents whose countries are written in many ways, most of them plain, from one seed."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.root, self.subset = "us-patent-application", ""
        self.is_plain = False

    def one_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def country(self, name: str = "country") -> str:
        if self.one_in(12):
            return ""
        choose = self.random.choice
        if self.is_plain:
            return f"<{name}>{choose(['US', 'US', 'DE', 'HK', 'SG', 'QQ'])}</{name}>"
        return f"{choose(TAGS).format(name)}{choose(BLANKS)}{choose(CODES)}{choose(BLANKS)}</{name}>"

    def state(self) -> str:
        """A state beside a country, mostly Delaware, whose code is Germany's."""
        return self.random.choice(
            [
                "",
                "",
                "",
                "<state>DE</state>",
                "<state>DE</state>\n",
                "<state>&#68;E</state>",
                "<state >DE</state>",
            ]
        )

    def several(self, write: Callable[[int], str], least: int = 1) -> str:
        return "".join(write(place) for place in range(self.random.randint(least, 3)))

    def v44(self) -> str:
        def inventor(_: int) -> str:
            if self.one_in(10):
                return "<deceased-inventor><last-name>Wu</last-name></deceased-inventor>\n"
            hidden = f"<!-- {inventor_v44(CN)} -->" if self.one_in(10) and not self.is_plain else ""
            book = re.compile("<addressbook>.*</addressbook>", re.S)
            written = inventor_v44(self.country())
            if self.one_in(10):  # a second one in another language, or none at all
                second = book.findall(inventor_v44(self.country()))[0]
                blank = self.random.choice(["", "\n", "\n\n", " ", "\r\n", "\n\t"])
                written = book.sub(lambda found: self.random.choice(["", found[0] + blank + second]), written)
            return hidden + written.replace("</city>", f"</city>{self.state()}")

        root = self.root
        applicant = f"<us-applicant><residence>{CN}</residence></us-applicant>"
        bodies = ["", "", "the CN ligand", "&lt;country&gt;CN", "is it? ", "<inventors>CN</inventors>"]
        return v44(
            self.several(inventor, least=0),
            applicants=applicant if self.one_in(3) else "",
            body=self.random.choice(bodies),
            root=root,
            number="20200022300" if root == "us-patent-application" else "11617522",
            kind="A1" if root == "us-patent-application" else "B2",
        )

    def v42(self) -> str:
        def applicant(_: int) -> str:
            written = applicant_v42(
                self.country(),
                self.country(),
                self.country(),
                last=self.random.choice(["Li", "Wu"]),
                app_type="applicant" if self.one_in(5) else "applicant-inventor",
            )
            return re.sub("<residence>.*</residence>", "", written, flags=re.S) if self.one_in(8) else written

        named_again = f"<inventors>{inventor_v44(self.country())}</inventors>" if self.one_in(4) else ""
        dead = inventor_v44(CN).replace("inventor", "us-deceased-inventor") if self.one_in(4) else ""
        return v42(self.several(applicant), named_again, dead)

    def pap(self) -> str:
        def inventor(place: int) -> str:
            code = self.country("country-code")
            home = home_pap(code, self.random.choice(["residence-us", "residence-non-us"]))
            if self.one_in(6):
                home = self.random.choice(
                    ["", "<residence><military-service>Navy</military-service></residence>"]
                )
            address = f"<address><country>{self.country('country-code')}</country></address>"
            return inventor_pap(home, address if self.one_in(2) else "", first=place == 0)

        return pap(self.several(inventor), subset=self.subset)

    def documents(self, count: int) -> list[str]:
        """Runs of one kind, as in real files; only within a run are countries counted without a look at each."""
        written: list[str] = []
        while len(written) < count:
            self.root = "us-patent-grant" if self.one_in(5) else "us-patent-application"
            self.subset = self.random.choice(
                ["", "", '\n<!ENTITY cn "CN">', "<!-- <country>CN</country> -->"]
            )
            kind = self.random.choice([self.v44, self.v44, self.v42, self.pap])
            for _ in range(self.random.choice([1, 2, 40])):
                self.is_plain = not self.one_in(4)
                written.append(kind())
        return written[:count]


def parsing_everything(
    path: Path, focal: frozenset[str], grants: bool
) -> tuple[list[Publication], Counter[CountrySet]]:
    kept, sets = [], Counter[CountrySet]()
    for document in read_documents(path):
        assert isinstance(document, Publication), document
        if document.kind.startswith("B") != grants:
            continue
        countries = {inventor.country for inventor in document.inventors if inventor.country}
        sets[document.publication_date.year, document.kind, tuple(sorted(countries))] += 1
        if countries & focal:
            kept.append(document)
    return kept, sets


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    focal=st.sampled_from([frozenset({"CN"}), frozenset({"US"}), frozenset({"CN", "HK"}), frozenset({"NA"})]),
    wanted=st.sampled_from(["publications", "grants"]),
)
def test_skipping_changes_nothing(
    seed: int, focal: frozenset[str], wanted: Literal["publications", "grants"]
) -> None:
    documents = Writer(seed).documents(150)
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "week.xml", *documents)
        kept, sets = parsing_everything(path, focal, grants=wanted == "grants")
        # Small chunks, so that most stretches hold documents of one kind.
        with patch.object(stream_module, "CHUNK_BYTES", 15_000):
            scan = scan_file(path, focal, wanted)
            counting = scan_file(path, focal, wanted, count_countries=True)
    assert scan.publications == counting.publications == kept
    assert scan.country_sets == Counter()
    assert counting.country_sets == sets
    of_other_type = sum(("<us-patent-grant" in d) != (wanted == "grants") for d in documents)
    for result in (scan, counting):
        assert result.documents == len(documents) - of_other_type
        assert result.skipped == result.documents - len(kept)
        assert sum(result.other_documents.values()) == of_other_type
        assert result.unreadable == []


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_what_is_read_plainly_is_what_the_parser_reads(seed: int) -> None:
    for number, document in enumerate(Writer(seed).documents(150)):
        content = document.encode()
        root = find_root(content)
        assert root is not None
        plain = read_plainly(content, root)
        if plain is not None:
            publication = parse_document(RawDocument(number, 0, content, True))
            countries = {inventor.country for inventor in publication.inventors} - {None}
            assert set(countries_of(plain.codes)) == countries, document
            assert plain.kind.decode() == publication.kind
            assert plain.day.decode() == f"{publication.publication_date:%Y%m%d}"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 32), cut=st.integers(3, 500), tag=st.integers(0, 100))
def test_a_broken_document_that_names_the_country_is_set_aside(seed: int, cut: int, tag: int) -> None:
    good = v44(inventor_v44(CN))
    pieces = good.split("</")
    tag = 1 + tag % (len(pieces) - 1)
    mismatched = "</".join([*pieces[:tag], "x" + pieces[tag], *pieces[tag + 1 :]])
    others = [document for document in Writer(seed).documents(3) if "<us-patent-grant" not in document]
    for broken in (good[:-cut] + "\n", mismatched):
        with TemporaryDirectory() as folder:
            path = write(Path(folder) / "week.xml", good, broken, *others)
            result = scan_file(path, frozenset({"CN"}))
        assert [(u.document_index, u.byte_offset) for u in result.unreadable] == [(1, len(good))]
        assert result.documents == len(others) + 2
        assert len(result.publications) + result.skipped + 1 == result.documents


@pytest.mark.parametrize("counting", [False, True])
def test_file_order_is_kept_when_documents_wait_to_be_parsed(tmp_path: Path, counting: bool) -> None:
    numbers = range(40)
    good = [v44(inventor_v44(CN), number=f"202000{number:05}", body="word " * 40) for number in numbers]
    broken = [document.replace("</us-parties>", "") for document in good]
    mixed = [broken[number] if number % 7 == 3 else good[number] for number in numbers]
    path = write(tmp_path / "week.xml", *mixed)
    with patch.object(scan_module, "_WAITING_BYTES", 6 * len(good[0])):
        scan = scan_file(path, frozenset({"CN"}), count_countries=counting)
    assert [u.document_index for u in scan.unreadable] == [3, 10, 17, 24, 31, 38]
    assert [p.publication_number for p in scan.publications] == [
        f"US202000{number:05}A1" for number in numbers if number % 7 != 3
    ]
    assert scan.documents == 40


def week(tmp_path: Path) -> Path:
    plain = [v44(inventor_v44(US), number=f"202000{number:05}") for number in range(30)]
    plain += [
        v42(applicant_v42("<country>DE</country>")),
        pap(inventor_pap(home_pap(US.replace("y", "y-code")))),
    ]
    hit = v44(inventor_v44(CN) + inventor_v44("<country>SG</country>"), body="word " * 10)
    listing = f"{DECLARATION}<sequence-cwu><country>CN</country></sequence-cwu>\n"
    grant = v44(inventor_v44(CN), number="11617522", kind="B2", root="us-patent-grant")
    content = "".join([*plain, hit, listing, grant, DECLARATION, "<html/>\n", *plain]).encode()
    return write_zip(tmp_path / "ipab20200123_wk04.zip", {"ipab20200123.xml": content, "lst.txt": b"list"})


def test_a_week(tmp_path: Path) -> None:
    scan = scan_file(week(tmp_path), frozenset({"CN"}), count_countries=True)
    assert [p.publication_number for p in scan.publications] == ["US20200022300A1"]
    assert (scan.documents, scan.skipped) == (66, 64)
    assert scan.other_documents == {"sequence-cwu": 1, "us-patent-grant": 1}
    assert [u.document_index for u in scan.unreadable] == [35]
    assert scan.country_sets == {
        (2020, "A1", ("US",)): 60, (2020, "A1", ("CN", "SG")): 1, (2011, "A1", ("DE",)): 2,
        (2003, "A1", ("US",)): 2,
    }  # fmt: skip
    grants = scan_file(week(tmp_path), frozenset({"CN"}), "grants")
    assert [p.publication_number for p in grants.publications] == ["US11617522B2"]
    assert grants.other_documents == {
        "us-patent-application": 63, "patent-application-publication": 2, "sequence-cwu": 1,
    }  # fmt: skip


def test_documents_of_other_countries_are_not_parsed(tmp_path: Path) -> None:
    for counting in (False, True):
        with patch.object(scan_module, "read_document", wraps=scan_module.read_document) as parser:
            scan_file(week(tmp_path), frozenset({"CN"}), count_countries=counting)
        assert parser.call_count == 2  # the hit and the page of HTML


def test_full_texts_give_the_same_as_front_pages(tmp_path: Path) -> None:
    front = [v44(inventor_v44(code), number=f"2020{n:07}") for n, code in enumerate([CN, US, CN, US])]
    text = "<description><p>" + "In CN &#x3b1; <country>CN</country>? " * 500 + "</p></description>"
    full = [d.replace("</us-patent-application>", f"{text}</us-patent-application>") for d in front]
    front_scan = scan_file(write(tmp_path / "ipab.xml", *front), frozenset({"CN"}), count_countries=True)
    full_scan = scan_file(write(tmp_path / "ipa.xml", *full), frozenset({"CN"}), count_countries=True)
    assert front_scan == full_scan
    assert len(full_scan.publications) == 2


@pytest.mark.parametrize("counting", [False, True])
def test_a_document_of_an_unknown_form_is_set_aside_whatever_its_countries(
    tmp_path: Path, counting: bool
) -> None:
    unknown = f"{DECLARATION}<us-patent-brief>\n{US}\n</us-patent-brief>\n"
    known = v44(inventor_v44(US))
    scan = scan_file(
        write(tmp_path / "week.xml", unknown, unknown, known, unknown, known),
        frozenset({"CN"}),
        count_countries=counting,
    )
    assert [u.document_index for u in scan.unreadable] == [0, 1, 3]
    assert (scan.documents, scan.skipped) == (5, 2)


@pytest.mark.parametrize("focal", [frozenset(), frozenset({"CN"})])
def test_an_empty_file_of_documents(tmp_path: Path, focal: frozenset[str]) -> None:
    scan = scan_file(write_zip(tmp_path / "a.zip", {"a.xml": b"\n"}), focal)
    assert (scan.documents, scan.publications) == (0, [])
