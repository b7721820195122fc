"""What each era may print, on hand-made documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.publication.record import Publication
from bri_pipeline.publication.scanned import UnreadableDocument
from bri_pipeline.uspto.read import read_documents
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


@pytest.fixture
def read_one(tmp_path: Path):  # type: ignore[no-untyped-def]
    def read(document: str | bytes) -> Publication:
        (publication,) = read_documents(write(tmp_path / "one.xml", document))
        assert isinstance(publication, Publication), publication
        return publication

    return read


def countries(publication: Publication) -> list[str | None]:
    return [inventor.country for inventor in publication.inventors]


CN = "<country>CN</country>"


@pytest.mark.parametrize(
    ("element", "country"),
    [
        ("<country>CN</country>", "CN"),
        ("<country>\n  cn\t</country>", "CN"),
        ("<country>C<!-- x -->N</country>", "CN"),
        ("<country><![CDATA[CN]]></country>", "CN"),
        ("<country>&#67;&#x4E;</country>", "CN"),
        ('<country lang="EN">CN</country>', "CN"),
        ("<country>C<?x?>N</country>", "CN"),
        ("<country><b>CN</b></country>", "CN"),
        ("<country>CNX</country>", "CN"),
        ("<country>CHN</country>", "CN"),
        ("<country>NA</country>", "NA"),
        ("<country>unknown</country>", None),
        ("<country>omitted</country>", None),
        ("<country></country>", None),
        ("<country/>", None),
        ("", None),
    ],
)
def test_country_of_an_inventor_however_it_is_written(read_one, element: str, country: str | None) -> None:  # type: ignore[no-untyped-def]
    assert countries(read_one(v44(inventor_v44(element)))) == [country]


def test_a_free_text_address_has_no_country(read_one) -> None:  # type: ignore[no-untyped-def]
    document = v44(inventor_v44(CN)).replace(
        "<address><city>Nanjing</city><country>CN</country></address>",
        "<address><text>Nanjing, China</text></address>",
    )
    (inventor,) = read_one(document).inventors
    assert (inventor.last_name, inventor.city_raw, inventor.country) == ("Li", None, None)


def test_three_differing_countries_of_v42(read_one) -> None:  # type: ignore[no-untyped-def]
    (inventor,) = read_one(
        v42(applicant_v42("<country>DE</country>", "<country>US</country>", "<country>CN</country>"))
    ).inventors
    assert (inventor.address_country, inventor.nationality, inventor.residence_country) == ("US", "CN", "DE")
    assert inventor.country == "DE"


def test_an_unusable_residence_falls_back_on_the_address_and_both_stay_as_printed(read_one) -> None:  # type: ignore[no-untyped-def]
    (inventor,) = read_one(
        v42(applicant_v42("<country> unknown </country>", "<country>CNX</country>"))
    ).inventors
    assert (inventor.residence_country, inventor.address_country, inventor.country) == (
        "unknown",
        "CNX",
        "CN",
    )


def test_an_inventor_named_twice_in_v42_is_one(read_one) -> None:  # type: ignore[no-untyped-def]
    listed = (
        '<inventors><inventor sequence="00"><addressbook><last-name>LI</last-name>'
        "<first-name>Wei</first-name><address><city>Suzhou</city><country>CN</country></address></addressbook></inventor>"
        '<inventor sequence="01"><addressbook><last-name>Wang</last-name><first-name>Fang</first-name>'
        "<address><city>Wuxi</city><country>CN</country></address></addressbook></inventor></inventors>"
    )
    publication = read_one(v42(applicant_v42("<country>SG</country>"), listed))
    assert [(i.sequence, i.last_name, i.city_raw, i.country) for i in publication.inventors] == [
        (1, "Li", "Nanjing", "SG"),
        (2, "Wang", "Wuxi", "CN"),
    ]


def test_a_second_address_book_gives_nothing(read_one) -> None:  # type: ignore[no-untyped-def]
    first = (
        "<addressbook><last-name>M&uuml;ller</last-name>"
        "<address>&nbsp;<city>N<b>an</b>\njing</city></address></addressbook>"
    )
    second = (
        '<addressbook lang="ZH"><last-name>Wang</last-name><first-name>Fang</first-name>'
        "<address><city>Wuxi</city><country>SG</country></address></addressbook>"
    )
    inventor = (
        f'<inventor sequence="00">{first}{second}<residence>{CN}<country>DE</country></residence></inventor>'
    )
    (read,) = read_one(v44(inventor)).inventors
    assert (read.last_name, read.first_name, read.city_raw) == ("Müller", None, "Nan jing")
    assert (read.address_country, read.residence_country) == (None, "CN")


def test_namesakes_in_one_list_stay_two_inventors(read_one) -> None:  # type: ignore[no-untyped-def]
    twice = inventor_v44(CN) + inventor_v44("<country>SG</country>")
    assert countries(read_one(v44(twice))) == ["CN", "SG"]


def test_applicants_of_v42_that_are_no_inventors(read_one) -> None:  # type: ignore[no-untyped-def]
    heir = applicant_v42("<country>FR</country>", app_type="applicant", last="Dumas", first="Anne")
    publication = read_one(v42(applicant_v42(CN) + heir))
    assert countries(publication) == ["CN"]
    assert [(a.name, a.kind, a.role) for a in publication.applicants] == [
        ("Dumas, Anne", "person", "applicant")
    ]


def test_the_dead_are_kept_and_count_for_no_country(read_one) -> None:  # type: ignore[no-untyped-def]
    dead = (
        '<us-deceased-inventor sequence="01"><addressbook><last-name>Wu</last-name>'
        f"<first-name>Jun</first-name><address><city>Nanjing</city>{CN}</address></addressbook></us-deceased-inventor>"
    )
    publication = read_one(v42(applicant_v42("<country>US</country>"), after_parties=dead))
    assert [(i.last_name, i.city_raw, i.country) for i in publication.inventors] == [
        ("Li", "Nanjing", "US"),
        ("Wu", "Nanjing", None),
    ]
    dead = (
        '<deceased-inventor sequence="01"><last-name>Wu</last-name><first-name>Jun</first-name>'
        "<suffix>Jr.</suffix></deceased-inventor>"
    )
    (_, wu) = read_one(v44(inventor_v44(CN) + dead)).inventors
    assert (wu.last_name, wu.first_name, wu.city_raw, wu.country) == ("Wu Jr.", "Jun", None, None)


def us_applicant(name: str, address: str = "", attributes: str = 'app-type="applicant"') -> str:
    return (
        f'<us-applicant sequence="00" {attributes} designation="us-only"><addressbook>{name}'
        f"<address>{address}</address></addressbook><residence><country>CN</country></residence></us-applicant>"
    )


def test_assignees_and_applicants_united(read_one) -> None:  # type: ignore[no-untyped-def]
    applicants = (
        us_applicant("<orgname>NANJING  UNIV.</orgname>", f"<city>Nanjing</city>{CN}")
        + us_applicant("<orgname>Li, Wei</orgname>", f"<city>Nanjing</city>{CN}")
        + us_applicant("<last-name>LI</last-name><first-name>Wei</first-name>")
        + us_applicant(
            "<last-name>Li</last-name><first-name>W.</first-name>", attributes='app-type="applicant-inventor"'
        )
        + us_applicant("<last-name>Zhou</last-name><first-name>Min</first-name>")
    )
    assignees = (
        "<assignees><assignee><addressbook><orgname>Nanjing Univ</orgname><role>03</role>"
        "</addressbook></assignee><assignee><last-name>Li</last-name><first-name>Wei</first-name>"
        "<role>05</role></assignee><assignee><orgname>Acme &amp; S&#xf6;hne</orgname><role>02</role>"
        "</assignee></assignees>"
    )
    publication = read_one(v44(inventor_v44(CN), applicants=applicants, assignees=assignees))
    assert [(a.sequence, a.name, a.kind, a.role, a.city_raw, a.country) for a in publication.applicants] == [
        (1, "Nanjing Univ", "organization", "assignee", "Nanjing", "CN"),
        (2, "Acme & Söhne", "organization", "assignee", None, None),
        (3, "Li, Wei", "organization", "applicant", "Nanjing", "CN"),
        (4, "Zhou, Min", "person", "applicant", None, "CN"),
    ]


def test_title_is_plain_text(read_one) -> None:  # type: ignore[no-untyped-def]
    title = (
        "H<sub>2</sub>O  and\n<i>in <b>vivo</b></i> use<!-- no --> of &lt;x&gt; &mgr;-cells &nosuch; &#x3b2;"
    )
    assert read_one(v44(inventor_v44(CN), title=title)).title == (
        "H2O and in vivo use of <x> μ-cells &nosuch; β"
    )


def test_symbols_of_v40_and_of_v44_without_group(read_one) -> None:  # type: ignore[no-untyped-def]
    whole = (
        "<classification-ipc><edition>07</edition><main-classification>A41D001/06</main-classification>"
        "<further-classification>H04L029/06</further-classification></classification-ipc>"
    )
    symbols = read_one(v42(applicant_v42(CN), ipc=whole)).ipc
    assert [(s.symbol, s.position) for s in symbols] == [("A41D 1/06", "first"), ("H04L 29/06", "later")]
    parts = (
        "<classifications-ipcr><classification-ipcr><section>H</section><class>10</class><subclass>K</subclass>"
        "<symbol-position>L</symbol-position></classification-ipcr><classification-ipcr><section>H</section>"
        "<class>04</class><subclass>L</subclass><main-group>29</main-group><subgroup>06</subgroup>"
        "<symbol-position> F </symbol-position></classification-ipcr></classifications-ipcr>"
    )
    symbols = read_one(v44(inventor_v44(CN), ipc=parts)).ipc
    assert [(s.symbol, s.position) for s in symbols] == [("H10K", "later"), ("H04L 29/06", "first")]


@pytest.mark.parametrize(
    ("inventor", "expected"),
    [
        (inventor_pap(home_pap("<country-code> CN\n </country-code>")), ("Nanjing", None, "CN", "CN")),
        (inventor_pap(home_pap("<country-code>CHN</country-code>")), ("Nanjing", None, "CHN", "CN")),
        (inventor_pap(home_pap("", "residence-us")), ("Nanjing", None, "US", "US")),
        (
            inventor_pap(home_pap("<state>CA</state><country-code>unknown</country-code>", "residence-us")),
            ("Nanjing", "CA", "US", "US"),
        ),
        (inventor_pap(""), (None, None, None, None)),
        (
            inventor_pap("<residence><military-service>US Navy</military-service></residence>"),
            (None, None, None, None),
        ),
        (
            inventor_pap(
                home_pap("<country-code>omitted</country-code>"),
                "<address><city>Wuxi</city><country><country-code>CN</country-code></country></address>",
            ),
            ("Nanjing", None, "omitted", "CN"),
        ),
        (
            inventor_pap(
                "",
                "<address><city>Wuxi</city><country><country-code>CN</country-code></country></address>",
            ),
            ("Wuxi", None, None, "CN"),
        ),
    ],
)
def test_residence_of_2001_to_2004(read_one, inventor: str, expected: tuple[str | None, ...]) -> None:  # type: ignore[no-untyped-def]
    (read,) = read_one(pap(inventor)).inventors
    assert (read.city_raw, read.region_raw, read.residence_country, read.country) == expected


def test_the_rest_of_2001_to_2004(read_one) -> None:  # type: ignore[no-untyped-def]
    subset = '\n<!ENTITY D1.TIF SYSTEM "D1.TIF" NDATA TIF>\n<!ENTITY co "Company">\n'
    assignees = (
        "<assignee><organization-name> Jiangsu\n Co. </organization-name><address><city>Wuxi</city><country>"
        "<country-code>CN</country-code></country></address><assignee-type>03</assignee-type></assignee>"
    )
    one = home_pap("<country-code>CN</country-code>")
    publication = read_one(
        pap(
            inventor_pap(one) + inventor_pap(one, first=False, family="M&uuml;ller &agr;"),
            title="The &co; <highlight><bold>b</bold></highlight> &minus;1",
            subset=subset,
            assignees=assignees,
        )
    )
    assert publication.title == "The Company b −1"
    assert [i.last_name for i in publication.inventors] == ["Li", "Müller α"]
    assert (publication.publication_number, publication.filing_date) == ("US20030000943A1", date(2000, 12, 4))
    assert [(s.symbol, s.position) for s in publication.ipc] == [
        ("H01J 1/62", "first"),
        ("A41B 1/00", "later"),
    ]
    (company,) = publication.applicants
    assert (company.name, company.city_raw, company.country) == ("Jiangsu Co.", "Wuxi", "CN")


def test_grant_numbers(read_one) -> None:  # type: ignore[no-untyped-def]
    for number, kind, expected in [
        ("08141234", "B1", "US8141234B1"),
        ("11617522", "B2", "US11617522B2"),
        ("D0656347", "S1", "USD0656347S1"),
        ("PP034694", "P2", "USPP034694P2"),
    ]:
        grant = read_one(v44(inventor_v44(CN), number=number, kind=kind, root="us-patent-grant"))
        assert grant.publication_number == expected


GOOD = v44(inventor_v44(CN))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (GOOD.replace("</abstract>", "</abstrac>"), "not well-formed XML"),
        (GOOD[: len(GOOD) // 2] + "\n", "not well-formed XML"),
        (GOOD.replace("A thing", "A \x01 thing"), "not well-formed XML"),
        (GOOD.encode().replace(b"A thing", b"A \xff thing"), "not well-formed XML"),
        (GOOD.replace("<doc-number>20200022300</doc-number>", ""), "publication number is ''"),
        (GOOD.replace("20200022300", "2020002230"), "not 11 digits"),
        (GOOD.replace("<kind>A1</kind>", ""), "kind code is ''"),
        (GOOD.replace("<date>20200123</date>", ""), "publication date is missing"),
        (GOOD.replace("<date>20200123</date>", "<date>20201323</date>"), "publication date is '20201323'"),
        (GOOD.replace("us-bibliographic-data-application", "bibliographic"), "bibliographic part"),
        (DECLARATION + "<html><body>503</body></html>\n", "<html> is neither a publication nor a grant"),
        (DECLARATION + "nothing\n", "no root element"),
    ],
)
def test_what_cannot_be_read_is_set_aside_and_reading_goes_on(
    tmp_path: Path, broken: str | bytes, reason: str
) -> None:
    path = write(tmp_path / "week.xml", GOOD, broken, GOOD)
    first, unreadable, last = read_documents(path)
    assert isinstance(unreadable, UnreadableDocument)
    assert reason in unreadable.reason
    assert (unreadable.source_file, unreadable.document_index) == ("week.xml", 1)
    assert unreadable.byte_offset == len(GOOD.encode())
    assert unreadable.excerpt.startswith("<?xml ")
    assert first == last and isinstance(first, Publication)


def test_sequence_listings_are_passed_over_and_numbers_run_through_a_zip(tmp_path: Path) -> None:
    listing = f"{DECLARATION}<sequence-cwu><x/></sequence-cwu>\n"
    members = {"a.xml": (GOOD + listing).encode(), "b.xml": (GOOD + GOOD[:100] + "\n").encode()}
    documents = list(read_documents(write_zip(tmp_path / "week.zip", members)))
    assert [type(document) for document in documents] == [Publication, Publication, UnreadableDocument]
    assert isinstance(documents[2], UnreadableDocument)
    assert (documents[2].document_index, documents[2].byte_offset) == (3, len(GOOD.encode()))
    assert "b.xml" in documents[2].reason


@pytest.mark.parametrize("after", ["", "\x1a", "\n\n\x00\x00", "trailing words\n"])
def test_text_behind_the_root_does_not_matter(read_one, after: str) -> None:  # type: ignore[no-untyped-def]
    assert read_one(GOOD + after).publication_number == "US20200022300A1"


def test_a_bomb_of_entities_is_not_lit(read_one) -> None:  # type: ignore[no-untyped-def]
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30)]
    document = pap(
        inventor_pap(home_pap("<country-code>CN</country-code>")),
        title='<highlight id="&a29;">&a29;</highlight>',
        subset="\n".join(lines),
    )
    with pytest.raises(AssertionError, match="expand wit"):
        read_one(document)


def test_no_file_and_no_address_is_opened(read_one, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    secret = write(tmp_path / "secret.txt", "secret")
    subset = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY % y SYSTEM "http://127.0.0.1:9/y.dtd">%y;'
    publication = read_one(
        pap(inventor_pap(home_pap("<country-code>CN</country-code>")), title="&x;", subset=subset)
    )
    assert publication.title == "&x;"


def test_a_document_too_long_to_hold_is_read_from_its_bibliographic_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bri_pipeline.uspto.split.split_stretches.__defaults__", (4000,))
    monkeypatch.setattr("bri_pipeline.uspto.split.split_documents.__defaults__", (0, 4000))
    monkeypatch.setattr("bri_pipeline.files.stream.CHUNK_BYTES", 1000)
    long = v44(inventor_v44(CN), body="word " * 5000 + "<fault behind the bibliographic part>")
    headless = v44(inventor_v44(CN) * 50, body="word")
    documents = list(read_documents(write(tmp_path / "week.xml", GOOD, long, headless, GOOD)))
    assert documents[0] == documents[1] == documents[3]
    assert isinstance(documents[2], UnreadableDocument)
    assert "does not end within the first 4000 bytes" in documents[2].reason


def test_blanks_between_inline_elements_and_entities_count(read_one) -> None:  # type: ignore[no-untyped-def]
    title = "<i>A</i> <b>thing</b>\n<sub>2</sub>"
    assert read_one(v44(inventor_v44(CN)).replace("A thing", title)).title == "A thing 2"
    assert read_one(pap(inventor_pap(""), title="&agr; &bgr;\n<i>x</i> &ggr;")).title == "α β x γ"
