"""Every real file of the samples, against what a person reads in it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bri_pipeline.publication.record import Applicant, Inventor, Publication
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from tests.country_sets import totals_of


def read(path: Path) -> list[Publication]:
    documents = list(read_documents(path))
    assert all(isinstance(document, Publication) for document in documents)
    return documents  # type: ignore[return-value]


def person(inventor: Inventor) -> tuple[Any, ...]:
    """Last and first name, city, region, address, residence, nationality and the country that counts."""
    return (
        inventor.last_name, inventor.first_name, inventor.city_raw, inventor.region_raw,
        inventor.address_country, inventor.residence_country, inventor.nationality, inventor.country,
    )  # fmt: skip


def party(applicant: Applicant) -> tuple[Any, ...]:
    return applicant.name, applicant.kind, applicant.role, applicant.city_raw, applicant.country


def symbols(publication: Publication) -> list[str]:
    """Symbols in order, the first one marked with a star."""
    return [("*" if ipc.position == "first" else "") + ipc.symbol for ipc in publication.ipc]


def in_us(*names: tuple[str, str, str, str]) -> list[tuple[Any, ...]]:
    return [(*name, "US", None, None, "US") for name in names]


CASES: dict[str, list[dict[str, Any]]] = {
    "US20010000044A1.xml": [
        {
            "id": ("US20010000044A1", "A1", date(2001, 3, 15), "09342866", date(1999, 6, 29)),
            "title": "Systems and Methods For Transacting Business Over A Global Communications Network "
            "Such As The Internet",
            "inventors": [("Lin", "Wayne W", "Irvine", "CA", "US", "US", "TW", "US")],
            "applicants": [],
            "ipc": ["*G06F 17/60"],
        }
    ],
    "US20010000943A1.xml": [
        {
            "id": ("US20010000943A1", "A1", date(2001, 5, 10), "09727454", date(2000, 12, 4)),
            "title": "Organic electroluminescence device and method of manufacturing same",
            "inventors": [
                ("Fukuoka", "Kenichi", "Sodegaura-shi", None, None, "JP", None, "JP"),
                ("Eida", "Mitsura", "Sodegaura-shi", None, None, "JP", None, "JP"),
            ],
            "applicants": [("IDEMITSU KOSAN CO., LTD.", "organization", "assignee", None, None)],
            "ipc": ["*H01J 1/62"],
        }
    ],
    "v1-5-A1_1.xml": [
        {
            "id": ("US20010000001A1", "A1", date(2001, 3, 15), "09725796", date(2000, 11, 29)),
            "title": "Solvent mixture for use in a vapor degreaser and method of cleaning an article in a "
            "vapor degreaser utilizing said solvent",
            "inventors": [
                ("Clark", "Lawrence A.", "Alameda", "CA", None, "US", None, "US"),
                ("Priest", "James L.", "Chicago", "IL", None, "US", None, "US"),
            ],
            "applicants": [],
            "ipc": ["*B08B 3/00"],
        }
    ],
    "US20050004437A1.xml": [
        {
            "id": ("US20050004437A1", "A1", date(2005, 1, 6), "10830857", date(2004, 4, 23)),
            "title": "Simulation device for playful evaluation and display of blood sugar levels",
            "inventors": [
                ("Kaufmann", "Heiner", "Bern", None, "CH", "CH", "CH", "CH"),
                ("Vering", "Thomas", "Bremgarten b. Bern", None, "CH", "CH", "CH", "CH"),
            ],
            "applicants": [],
            "ipc": ["*A61B 5/00"],
        }
    ],
    "v4-0-A1.xml": [
        {
            "id": ("US20050000001A1", "A1", date(2005, 1, 6), "10909766", date(2004, 8, 2)),
            "title": "Novelty jeans",
            "inventors": [("Goldkind", "Tina", "St. James", "NY", "US", "US", "US", "US")],
            "applicants": [],
            "ipc": ["*A41D 1/06"],
        }
    ],
    "ipa20110039701.xml": [
        {
            "id": ("US20110039701A1", "A1", date(2011, 2, 17), "12750336", date(2010, 3, 30)),
            "title": "Phenyl-substituted Bicyclooctane-1,3-dione Derivatives",
            "inventors": [
                (*name, None, "DE", "DE", "omitted", "DE")
                for name in (
                    ("ANGERMANN", "Alfred", "Kriftel"),
                    ("Bojack", "Guido", "Wiesbaden-Naurod"),
                    ("Fischer", "Reiner", "Monheim"),
                    ("Lehr", "Stefan", "Liederbach"),
                    ("Dittgen", "Jan", "Frankfurt"),
                    ("Feucht", "Dieter", "Eschborn"),
                    ("Häuser-Hahn", "Isolde", "Leverkusen"),
                    ("Rosinger", "Christopher Hugh", "Hofheim"),
                    ("Voerste", "Arnd", "Koln"),
                )
            ],
            "applicants": [("Bayer CropScience AG", "organization", "assignee", "Monheim", "DE")],
            "ipc": [
                "*A01N 43/60",
                "C07D 319/08",
                "A01N 43/32",
                "C07C 49/513",
                "A01N 35/06",
                "A01N 33/16",
                "A01N 43/30",
                "C07C 69/67",
                "A01N 37/02",
                "C07C 69/78",
                "A01N 37/10",
                "C07C 69/96",
                "A01N 47/06",
                "C07C 309/73",
                "A01N 41/02",
                "C07D 339/08",
                "C07C 61/39",
                "C07C 69/73",
                "C07C 22/04",
                "C07C 43/225",
                "A01N 37/00",
                "A01N 47/08",
                "A01N 43/42",
                "A01P 7/00",
                "A01P 13/00",
            ],
        }
    ],
    # The inventors stand as us-applicants too, one of them a third time as assignee.
    "ipa130117.two-glued.xml": [
        {
            "id": ("US20130014308A1", "A1", date(2013, 1, 17), "13181579", date(2011, 7, 13)),
            "title": "TYPING-MATE",
            "inventors": in_us(("Feliciano", "Yennifer", "Kissimmee", "FL")),
            "applicants": [],
            "ipc": ["*A41D 13/08"],
        },
        {
            "id": ("US20130014306A1", "A1", date(2013, 1, 17), "13353293", date(2012, 1, 18)),
            "title": "TACTICAL MIXED MARTIAL ARTS GLOVE",
            "inventors": in_us(
                ("Mechling", "Christopher", "San Diego", "CA"), ("Mechling", "Nicholas", "San Diego", "CA")
            ),
            "applicants": [],
            "ipc": ["*A41D 13/08", "A41D 19/02"],
        },
    ],
    "ipa20200022300.xml": [
        {
            "id": ("US20200022300A1", "A1", date(2020, 1, 23), "16039511", date(2018, 7, 19)),
            "title": "SYSTEM FOR CONTROLLING THE OPERATION OF AN ACTUATOR MOUNTED ON A SEED PLANTING "
            "IMPLEMENT",
            "inventors": [
                ("Gervais", "Joel John Octave", "Saskatoon", None, "CA", None, None, "CA"),
                ("Paulson", "Ian William Patrick", "Saskatoon", None, "CA", None, None, "CA"),
            ],
            "applicants": [("CNH Industrial Canada, Ltd.", "organization", "applicant", "Saskatoon", "CA")],
            "ipc": ["*A01B 63/32", "A01C 5/06", "A01B 63/00", "F15B 21/00", "F15B 11/10"],
        }
    ],
    "v4-4-A1.xml": [
        {
            "id": ("US20210267109A1", "A1", date(2021, 9, 2), "17173265", date(2021, 2, 11)),
            "title": "METHODS AND APPARATUS FOR YARD AND GARDEN DEBRIS COLLECTION",
            "inventors": in_us(("O'Keefe", "Daniel", "Jefferson Valley", "NY")),
            "applicants": [],
            "ipc": ["*A01B 1/04", "B08B 1/00", "B08B 13/00", "A01D 11/06"],
        }
    ],
    # PCT national phase: the date of application is the international filing date, not the 371 date 20210908.
    "v4-5-A1.xml": [
        {
            "id": ("US20220159901A1", "A1", date(2022, 5, 26), "17437086", date(2019, 9, 19)),
            "title": "SEED DISTRIBUTOR USED FOR AGRICULTURAL MACHINES",
            "inventors": [
                ("Spinsanti", "Ariel Alberto Antonio", "Provincia Santa Fe", None, "AR", None, None, "AR")
            ],
            "applicants": [],
            "ipc": ["*A01C 7/04"],
        }
    ],
    "v4-5-A2.xml": [
        {
            "id": ("US20220160114A2", "A2", date(2022, 5, 26), "17309147", date(2019, 11, 5)),
            "title": "CARRYING CASE WITH PIVOTING HOUSING",
            "inventors": [("Bevis", "Matthew", "Vancouver", None, "CA", None, None, "CA")],
            "applicants": [("BEVIS GEAR INC.", "organization", "applicant", "VANCOUVER", "CA")],
            "ipc": ["*A45F 3/04", "A45F 3/02"],
        }
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_publication(shared: Path, name: str) -> None:
    publications = read(shared / "samples" / "xml" / name)
    assert len(publications) == len(CASES[name])
    for publication, expected in zip(publications, CASES[name], strict=True):
        identity = (
            publication.publication_number,
            publication.kind,
            publication.publication_date,
            publication.application_number,
            publication.filing_date,
        )
        assert identity == expected["id"]
        assert publication.title == expected["title"]
        assert [person(inventor) for inventor in publication.inventors] == expected["inventors"]
        assert [party(applicant) for applicant in publication.applicants] == expected["applicants"]
        assert symbols(publication) == expected["ipc"]


def test_every_sample_is_tested(shared: Path) -> None:
    assert {path.name for path in (shared / "samples" / "xml").iterdir()} == set(CASES)


def test_a_grant_with_inventors_in_china_and_the_us(shared: Path) -> None:
    (grant,) = read(shared / "samples" / "grants" / "US11617522B2_CN_CN_US.xml")
    assert (grant.publication_number, grant.kind) == ("US11617522B2", "B2")
    assert (grant.publication_date, grant.filing_date) == (date(2023, 4, 4), date(2019, 8, 6))
    assert [person(inventor) for inventor in grant.inventors] == [
        ("Li", "Xin X.", "Shanghai", None, "CN", None, None, "CN"),
        ("Liu", "Zhiyong", "Shanghai", None, "CN", None, None, "CN"),
        ("Yavorsky", "Matthew William", "Granada Hills", "CA", "US", None, None, "US"),
    ]
    # Assignee and us-applicant are one company.
    assert [party(applicant) for applicant in grant.applicants] == [
        ("MEDTRONIC MINIMED, INC.", "organization", "assignee", "Northridge", "US")
    ]
    assert symbols(grant) == ["*A61B 5/145", "A61M 5/145", "A61M 5/172", "A61B 5/153"]


def test_the_zip_of_2022_with_a_document_twice_and_one_of_2023(shared: Path) -> None:
    grants = read(shared / "samples" / "grants" / "ipgb20221025_wk43.zip")
    week = date(2022, 10, 25)
    assert [(g.publication_number, g.publication_date, [i.country for i in g.inventors]) for g in grants] == [
        ("US11617522B2", date(2023, 4, 4), ["CN", "CN", "US"]),
        ("USD0967598S1", week, ["US"]),
        ("USD0967598S1", week, ["US"]),
        ("USPP034694P2", week, ["IL"] * 3),
        ("USRE049257E1", week, ["CA"]),
        ("USRE049258E1", week, ["GB"] * 8),
        ("USRE049259E1", week, ["US"] * 2),
        ("US11477944B2", week, ["US"]),
        ("US11477945B2", week, ["US"] * 3),
        ("US11477946B2", week, ["GB"]),
        ("US11477947B2", week, ["GB"]),
    ]
    assert grants[4].inventors[0].city_raw == "Montréal"
    # An assignee without addressbook, with entities in its name.
    company = grants[3].applicants[0]
    assert (company.name, company.kind) == ("Danziger “Dan” Flower Farm", "organization")


def test_a_week_of_196_design_grants(shared: Path) -> None:
    grants = read(shared / "samples" / "grants" / "ipg120327.196-glued.xml")
    assert [g.publication_number for g in grants] == [f"USD0{number}S1" for number in range(656296, 656492)]
    assert {g.publication_date for g in grants} == {date(2012, 3, 27)}
    assert sum(len(g.inventors) for g in grants) == 344  # app-type="applicant-inventor" in the file
    assert all(not g.ipc for g in grants)  # designs carry Locarno classes
    by_number = {g.publication_number: g for g in grants}
    # Legal representatives of a dead inventor are applicants, not inventors.
    hermes = by_number["USD0656313S1"]
    assert [i.last_name for i in hermes.inventors] == ["Dumas", "Jobert"]
    assert [party(a) for a in hermes.applicants] == [
        ("Hermes Sellier (Societe Par Actions Simplifiee)", "organization", "assignee", "Paris", "FR"),
        ("Dumas, legal representative, Pierre-Alexis", "person", "applicant", "Paris", "FR"),
        ("Brekke-Dumas, legal representative, Sandrine", "person", "applicant", "Paris", "FR"),
    ]
    shelf = by_number["USD0656347S1"]
    assert (shelf.title, shelf.application_number, shelf.filing_date) == (
        "Shelf",
        "29367265",
        date(2010, 8, 5),
    )
    assert [person(i) for i in shelf.inventors] == [
        ("Horn", "Brett", "Durban", None, "ZA", "ZA", "omitted", "ZA"),
        ("Gomez", "Erika", "Atlanta", "GA", "US", "US", "omitted", "US"),
        ("Copeland", "Bradford", "Atlanta", "GA", "US", "US", "omitted", "US"),
    ]


CO_INVENTIONS_WITH_THE_US = {
    "US11617522B2_CN_CN_US.xml": [("US11617522B2", "CN CN US")],
    "ipg120327.196-glued.xml": [
        ("USD0656347S1", "ZA US US"),
        ("USD0656352S1", "CA US CA"),
        ("USD0656353S1", "US IN"),
    ],
    "ipgb20221025_wk43.zip": [("US11617522B2", "CN CN US")],
}
"""Grants with inventors in the US and in CN, CA, IN or ZA, picked out of the raw text with grep and awk."""


@pytest.mark.parametrize("name", CO_INVENTIONS_WITH_THE_US)
def test_co_inventions_of_the_us(shared: Path, name: str) -> None:
    scan = scan_file(shared / "samples" / "grants" / name, frozenset({"US"}), "grants")
    found = [
        (grant.publication_number, " ".join(inventor.country or "-" for inventor in grant.inventors))
        for grant in scan.publications
        if {inventor.country for inventor in grant.inventors} & {"CN", "CA", "IN", "ZA"}
    ]
    assert found == CO_INVENTIONS_WITH_THE_US[name]


def test_scan_of_the_design_grants(shared: Path) -> None:
    path = shared / "samples" / "grants" / "ipg120327.196-glued.xml"
    scan = scan_file(path, frozenset({"CN"}), "grants", count_countries=True)
    assert [grant.publication_number for grant in scan.publications] == [
        "USD0656319S1", "USD0656419S1", "USD0656465S1",
    ]  # fmt: skip
    assert (scan.documents, scan.skipped, scan.unreadable) == (196, 193, [])
    # Documents per residence country of their inventors, counted with awk on the raw text.
    counted = """
    US 110 JP 19 IT 9 KR 8 CH 8 CA 8 DE 7 TW 6 GB 6 FR 6 SE 3 CN 3 MX 2 BE 2 ZA 1 NZ 1 NO 1 IN 1 IL 1
    ID 1 ES 1
    """
    totals = re.findall(r"(\w\w) (\d+)", counted)
    assert totals_of(scan.country_sets) == {(2012, country): int(count) for country, count in totals}
    assert scan_file(path, frozenset({"CN"})).other_documents == Counter({"us-patent-grant": 196})
