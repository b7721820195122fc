"""Hits few enough to count by hand: ten, of six patents; none in 2013."""

from __future__ import annotations

from datetime import date

from tests.warehouse.lake import Patent

IN_NANJING = Patent(
    "US01A1",
    date(2010, 3, 4),
    [("CN", "Nanjing"), ("SG", "Singapore")],
    ["H04L 29/06", "H04L 12/28"],
    "11000001",
    applicants=[("Hua Wei Technologies Co., Ltd.", "CN"), ("Nanyang Uni Pte. Ltd.", "SG")],
)
# one patent found for two countries; one of its inventors in Beijing, two in Nanjing
TWO_COUNTRIES = Patent(
    "US02A1",
    date(2010, 5, 6),
    [("CN", "Beijing"), ("CN", "Nanjing"), ("SG", "Singapore"), ("MY", "Penang"), ("CN", "Nanjing")],
    ["A61K 8/02", "H10K 50/00"],
    "11000002",
    applicants=[("HUA WEI TECHNOLOGIES CO.,LTD", "CN")],
)
PUBLISHED_AGAIN = Patent(
    "US03A2", date(2011, 1, 6), TWO_COUNTRIES.inventors, TWO_COUNTRIES.ipc, "11000002", "A2"
)
# Taizhou may be in Jiangsu or in Zhejiang
AMBIGUOUS = Patent(
    "US04A1",
    date(2011, 2, 3),
    [("IL", "Haifa"), ("CN", "Taizhou"), ("CN", "Hangzhou")],
    ["C22C 38/00", "B01D 53/02", "B01D 15/08"],
    "11000003",
)
CORRECTED = Patent("US05A9", date(2012, 3, 1), AMBIGUOUS.inventors, AMBIGUOUS.ipc, "11000003", "A9")
# two publications without an application number are two patents; this one has no IPC symbol either
WITHOUT_NUMBER = Patent("US06A1", date(2012, 6, 7), [("CN", "Suzhou"), ("MY", "Penang")], [])
# one inventor nobody can place, one of Hong Kong printed under CN
UNPLACED = Patent(
    "US07A1",
    date(2012, 6, 7),
    [("CN", "Kowloon"), ("CN", "Somewhere"), ("MY", "Penang")],
    ["A98Q 1/00", "not a symbol"],
)
FOREIGN_FIRST = Patent(
    "US08A1", date(2014, 2, 6), [("SG", "Singapore"), ("CN", "Shanghai")], ["G06F 17/30"], "11000008"
)

SMALL_HITS = [
    ("SG", IN_NANJING),
    ("SG", TWO_COUNTRIES),
    ("MY", TWO_COUNTRIES),
    ("SG", PUBLISHED_AGAIN),
    ("MY", PUBLISHED_AGAIN),
    ("IL", AMBIGUOUS),
    ("IL", CORRECTED),
    ("MY", WITHOUT_NUMBER),
    ("MY", UNPLACED),
    ("SG", FOREIGN_FIRST),
]
