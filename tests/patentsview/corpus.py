"""Publications that hold what the tables are known to hold."""

from __future__ import annotations

from datetime import date

from bri_pipeline.publication.record import Applicant, Inventor, IpcSymbol, Publication


def inventor(
    sequence: int,
    last_name: str,
    first_name: str,
    city: str | None,
    printed_country: str | None,
    country: str | None,
    region: str | None = None,
) -> Inventor:
    return Inventor(sequence, last_name, first_name, city, region, printed_country, None, None, country)


SINGAPORE = Publication(
    "US20010000002A1",
    "A1",
    date(2001, 3, 15),
    "09726341",
    date(2000, 12, 1),
    'Method "for" a\ttab and NA',
    (
        inventor(1, "Wang", "Wei", "Nanjing", "CN", "CN", "Jiangsu"),
        inventor(2, "Tan", "Ah Kow", "Singapore", "SGX", "SG"),
        inventor(3, "O'Brien", "Pat", None, None, None),
    ),
    (
        Applicant(1, 'Nanjing "Star" Co., Ltd.', "organization", "assignee", "Nanjing", "CN"),
        Applicant(2, "Tan Holdings", "organization", "applicant", "Singapore", "SG"),
        Applicant(3, "Lim, Boon", "person", "applicant", "Singapore", "SG"),
    ),
    (IpcSymbol("H04L 29/06", "first"), IpcSymbol("A41B 1/00", "later")),
)
NAMIBIA = Publication(
    "US20050123456A9",
    "A9",
    date(2005, 6, 9),
    None,
    None,
    "Title on two lines",
    (inventor(1, "NA", "Null", "Windhoek", "NA", "NA"), inventor(2, "Li", "Na", "Suzhou", "CHN", "CN")),
    (),
    (),
)
HONG_KONG = Publication(
    "US20180000009A1",
    "A1",
    date(2018, 1, 4),
    "15000001",
    date(2016, 1, 1),
    "Höhenmesser – 高度",
    (
        inventor(1, "Chan", "Tai Man", "Hong Kong", "HK", "HK"),
        inventor(2, "Smith", "Ann", "Omaha", "US", "US", "NE"),
    ),
    (),
    (IpcSymbol("G01C 5/00", "first"),),
)
LOWER_CASE = Publication(
    "US20180000010A1",
    "A1",
    date(2018, 1, 4),
    "15000002",
    date(2016, 2, 29),
    "",
    (inventor(1, "Zhao", "Lei", "Wuxi", "cn", "CN"), inventor(2, "Doe", "J.", "Lima", "unknown", None)),
    (),
    (IpcSymbol("G06F 17/3089", "first"),),
)
PUBLICATIONS = (SINGAPORE, NAMIBIA, HONG_KONG, LOWER_CASE)
