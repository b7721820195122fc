"""Every document that begins or ends is counted, whatever glues it to its neighbours, and good neighbours are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bri_pipeline.publication.scanned import FileScan
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from tests.uspto.documents import home_pap, inventor_pap, inventor_v44, pap, v44, write

CN = "<country>CN</country>"
US = "<country>US</country>"
GOOD = v44(inventor_v44(CN))
WITHOUT_DECLARATION = GOOD.split("\n", 1)[1]
ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


def scanned(tmp_path: Path, *documents: str | bytes, counting: bool = True) -> FileScan:
    path = write(tmp_path / "week.xml", *documents)
    scan = scan_file(path, frozenset({"CN"}), count_countries=counting)
    assert scan.documents == len(scan.publications) + scan.skipped + len(scan.unreadable)
    assert len(list(read_documents(path))) == scan.documents
    return scan


def in_encoding(document: str, encoding: str) -> bytes:
    return document.replace("UTF-8", encoding.upper()[:6]).encode(encoding)


@pytest.mark.parametrize("counting", [False, True])
@pytest.mark.parametrize(
    "between",
    [GOOD.encode("cp500"), GOOD.encode("cp037").strip(), b"lost text " * 40],
    ids=["cp500", "cp037", "text"],
)
def test_what_is_no_xml_between_documents_is_counted_as_unreadable(
    tmp_path: Path, between: bytes, counting: bool
) -> None:
    for documents in ((GOOD, between, GOOD), (GOOD.strip(), between, b"\n", GOOD), (GOOD, GOOD, between)):
        scan = scanned(tmp_path, *documents, counting=counting)
        assert (scan.documents, len(scan.publications), len(scan.unreadable)) == (3, 2, 1)


@pytest.mark.parametrize("counting", [False, True])
@pytest.mark.parametrize("subset", ["", '<!ENTITY cn SYSTEM "country.txt">'])
def test_a_country_that_is_an_entity_without_a_text_is_unreadable_and_not_skipped(
    tmp_path: Path, subset: str, counting: bool
) -> None:
    entity = v44(inventor_v44("<country>&cn;</country>"))
    doctype = entity.index(">", entity.index("<!DOCTYPE"))
    assert entity[doctype - 1] in ']"'
    declared = f"{entity[:doctype].removesuffix('[ ]')} [ {subset} ]{entity[doctype:]}" if subset else entity
    scan = scanned(tmp_path, GOOD, declared, GOOD, counting=counting)
    assert (scan.documents, len(scan.publications), len(scan.unreadable)) == (3, 2, 1)
    assert "&cn;" in scan.unreadable[0].reason
    # with an inventor of the focal country it is kept, and the unknown code is named by a check
    both = declared.replace("</inventors>", inventor_v44(CN) + "</inventors>").replace(
        "</us-applicants>", inventor_v44(CN) + "</us-applicants>"
    )
    assert both != declared
    assert len(scanned(tmp_path, GOOD, both, counting=counting).publications) == 2


@pytest.mark.parametrize("counting", [False, True])
@pytest.mark.parametrize(
    ("glued", "documents", "read"),
    [
        (GOOD.strip() + GOOD, 2, 2),
        (GOOD.strip() + "\ufeff" + GOOD, 2, 2),
        (GOOD + "\ufeff" + GOOD + "  \r\n " + GOOD, 3, 3),
        (GOOD + WITHOUT_DECLARATION, 2, 2),
        (GOOD.strip() + WITHOUT_DECLARATION, 2, 2),
        (GOOD[:800] + WITHOUT_DECLARATION, 2, 1),
        (GOOD[:800] + "\n" + GOOD, 2, 1),
        (GOOD + GOOD[900:] + GOOD, 3, 2),
        (GOOD + WITHOUT_DECLARATION[700:], 2, 1),
    ],
)
def test_glued_documents_are_all_counted(
    tmp_path: Path, glued: str, documents: int, read: int, counting: bool
) -> None:
    plain = [v44(inventor_v44(US))] * 5
    scan = scanned(tmp_path, *plain, glued, *plain, counting=counting)

    assert scan.documents == documents + 10
    assert (len(scan.publications), len(scan.unreadable)) == (read, documents - read)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_documents_in_wide_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    wide = in_encoding(GOOD, encoding)

    for parts in ([GOOD, wide, GOOD], [wide, GOOD], [GOOD.strip(), wide], [wide]):
        scan = scanned(tmp_path, *parts)
        assert (scan.documents, len(scan.publications)) == (len(parts), len(parts))
        assert scan.country_sets == {(2020, "A1", ("CN",)): len(parts)}
    marked = [in_encoding(GOOD, encoding), in_encoding(GOOD, encoding)]
    assert len(scanned(tmp_path, *marked).publications) == 2


@pytest.mark.parametrize(
    "subset_and_home",
    [
        ('\n<!ENTITY c "<country-code>CN</country-code>">', "&c;"),
        ("\n<!ENTITY pic SYSTEM 'x.tif' NDATA TIF>\n<!ENTITY cn 'CN'>", "<country-code>&cn;</country-code>"),
        ('<!ENTITY c "&n;"><!ENTITY n "CN">', "<country-code>&c;</country-code>"),
    ],
)
def test_a_country_that_a_document_declares_as_an_entity_is_read(
    tmp_path: Path, subset_and_home: tuple[str, str]
) -> None:
    subset, home = subset_and_home
    scan = scanned(tmp_path, pap(inventor_pap(home_pap(home)), title="&agr;", subset=subset))

    assert [publication.countries for publication in scan.publications] == [("CN",)]
    assert scan.publications[0].title == "α"


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("<country>", "<countr"),
        ("<country>", "<coun>"),
        ("<country>", "<cou"),
        ("<country>", "<"),
        ("<country>", "country>"),
        ("<country>", "ntry>"),
        ("<country>", "<cXuntry>"),
        ("<country>CN</country>", "<co"),
        ("<country>CN</country>", "<c"),
        ("<country>CN</country>", "<"),
        ("</country>", "</countr>"),
        ("</country>", "</country</address>"),
        ("</country>", "</countryX>"),
        (CN, "<country>C"),
    ],
)
def test_a_country_tag_that_breaks_off_makes_the_document_unreadable(
    tmp_path: Path, whole: str, broken: str
) -> None:
    plain = v44(inventor_v44("<country>DE</country>"))
    at = GOOD.index(whole, GOOD.index("<inventors>"))
    document = GOOD[:at] + broken + GOOD[at + len(whole) :]

    scan = scanned(tmp_path, plain, document, plain, counting=False)

    assert [one.document_index for one in scan.unreadable] == [1]
    assert (scan.documents, scan.skipped) == (3, 2)


_SLIPS = ["", "X", "XX", " ", "-", "&", "<", "/", ">", "\n"]


def broken_tags(tag: str) -> list[str]:
    """A tag with one letter of its name dropped, replaced or followed by something else."""
    at = range(1 + tag.startswith("</"), len(tag) - 1)
    replaced = [tag[:place] + slip + tag[place + 1 :] for place in at for slip in _SLIPS]
    added = [tag[:place] + slip + tag[place:] for place in at for slip in _SLIPS if slip]
    swapped = [tag[:place] + tag[place + 1] + tag[place] + tag[place + 2 :] for place in at]
    return sorted({*replaced, *added, *swapped} - {tag})


def is_read_or_set_aside(tmp_path: Path, document: str, counting: bool) -> bool:
    """Whether a document among plain ones is parsed: read, or counted as unreadable."""
    plain = v44(inventor_v44("<country>DE</country>"))
    scan = scanned(tmp_path, plain, document, plain, counting=counting)
    return len(scan.publications) + len(scan.unreadable) == 1


@pytest.mark.parametrize(("code", "counting"), [("CN", True), ("DE", False)])
def test_a_country_whose_start_or_end_tag_is_broken_is_never_passed_over(
    tmp_path: Path, code: str, counting: bool
) -> None:
    whole = v44(inventor_v44(f"<country>{code}</country>"))
    at = whole.index("<country>", whole.index("<inventors>"))
    passed_over = []
    for tag in ("<country>", "</country>"):
        where = whole.index(tag, at)
        for broken in broken_tags(tag):
            document = whole[:where] + broken + whole[where + len(tag) :]
            if not is_read_or_set_aside(tmp_path, document, counting):
                passed_over.append(broken)
    assert not passed_over


CUTS = [
    *range(3, GOOD.index("<us-bib"), 11),
    GOOD.index("<city>") + 8,
    GOOD.index("</inventor>"),
    len(GOOD) - 30,
]
BETWEEN = [b"", b"\n", b"\x00\xff\x88 text ", b"  "]


@pytest.mark.parametrize("between", BETWEEN, ids=repr)
def test_a_document_cut_anywhere_is_counted_and_costs_no_neighbour(tmp_path: Path, between: bytes) -> None:
    good = GOOD.replace("20200022300", "20200022301").encode()
    for cut in CUTS:
        head, tail = GOOD[:cut].encode(), GOOD[cut:].encode()
        for documents in ((head, between, good), (good, between, head), (tail, between, good)):
            scan = scanned(tmp_path, *documents)
            assert "US20200022301A1" in {one.publication_number for one in scan.publications}, (
                cut,
                documents[0],
            )
            assert scan.documents == 2, (cut, documents[0] == head)


@pytest.mark.parametrize("first", [GOOD.encode("cp500"), GOOD.encode("cp037"), b"\xff\xff lost "])
def test_what_is_no_xml_before_the_first_document_costs_it_nothing(tmp_path: Path, first: bytes) -> None:
    scan = scanned(tmp_path, first, GOOD)
    assert (scan.documents, len(scan.publications), len(scan.unreadable)) == (2, 1, 1)


@pytest.mark.parametrize(
    ("tag", "with_namespace"),
    [
        ("<us-patent-application ", '<us-patent-application xmlns="http://example.org/a" '),
        ("<us-patent-application ", '<us-patent-application xmlns:m="http://www.w3.org/1998/Math/MathML" '),
        ("<us-parties>", '<us-parties xmlns="http://example.org/a">'),
        (CN, '<country xmlns="http://example.org/a">CN</country>'),
        ("<inventors>", "<inventors xmlns='http://example.org/a'>"),
    ],
)
def test_elements_mean_the_same_in_any_namespace(tmp_path: Path, tag: str, with_namespace: str) -> None:
    scan = scanned(tmp_path, GOOD, GOOD.replace(tag, with_namespace), GOOD)
    assert len(scan.publications) == 3
    assert scan.publications[1] == scan.publications[0]


@pytest.mark.parametrize("code", ["\u200bCN", "C\u200bN", "\ufeffCN", "C\u00adN", "CN\u200e", "\u00a0CN"])
def test_characters_that_cannot_be_seen_change_no_country(tmp_path: Path, code: str) -> None:
    scan = scanned(tmp_path, GOOD, v44(inventor_v44(f"<country>{code}</country>")), GOOD)
    assert [one.countries for one in scan.publications] == [("CN",)] * 3
