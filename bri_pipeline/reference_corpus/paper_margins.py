"""The margins the corpus is built to: what the paper prints, and what was chosen where it prints nothing.

The paper is "Analysis of National Patent Cooperation between Jiangsu Province and the Belt and Road
Initiative" (Chen Jingjing). Names ending in ``_ASSUMED`` are free choices that only have to be plausible and
to add up; the corpus's README lists them for its readers.
"""

from __future__ import annotations

FOCAL_PROVINCE = "JS"
FIRST_YEAR, LAST_YEAR = 2001, 2017

# Table 1: hits per partner country, a publication counted under each of its partner countries.
HITS_OF_TABLE_1 = {
    "SG": 663,
    "IN": 349,
    "RU": 153,
    "IL": 148,
    "MY": 87,
    "PL": 49,
    "PH": 42,
    "TH": 41,
    "CZ": 35,
    "HU": 24,
}

# The other 25 of the 35 countries share 160 hits, each below Hungary's 24.
HITS_OF_OTHERS_ASSUMED = {
    "SA": 20,
    "UA": 17,
    "TR": 14,
    "VN": 13,
    "ID": 12,
    "PK": 11,
    "RO": 10,
    "AE": 9,
    "EG": 8,
    "BY": 6,
    "BG": 6,
    "GR": 5,
    "SI": 5,
    "IR": 4,
    "BD": 4,
    "LK": 3,
    "SK": 3,
    "KZ": 2,
    "LT": 2,
    "HR": 1,
    "EE": 1,
    "NP": 1,
    "KW": 1,
    "JO": 1,
    "AM": 1,
}
HITS = HITS_OF_TABLE_1 | HITS_OF_OTHERS_ASSUMED

# The 21 duplicates: 19 publications under two countries and one under three. None has an inventor in Jiangsu.
SEVERAL_COUNTRIES_ASSUMED = (
    *[("SG", "MY")] * 6,
    *[("SG", "IN")] * 5,
    *[("RU", "UA")] * 2,
    ("SG", "TH"),
    ("SG", "PH"),
    ("IL", "RU"),
    ("PL", "CZ"),
    ("CZ", "SK"),
    ("IN", "LK"),
    ("SG", "MY", "IN"),
)

# Table 2: patents per province. The paper's list ends at 21, so every other province has at most that many.
PATENTS_OF_TABLE_2 = {"BJ": 595, "SH": 471, "GD": 154, "JS": 87, "ZJ": 39, "TJ": 35, "SC": 21}
PATENTS_OF_OTHER_PROVINCES_ASSUMED = {
    "HB": 20,
    "SN": 18,
    "LN": 17,
    "FJ": 14,
    "SD": 13,
    "HN": 12,
    "AH": 10,
    "CQ": 9,
    "HL": 6,
    "JL": 5,
    "HA": 5,
    "HE": 4,
    "YN": 3,
    "GX": 3,
    "JX": 3,
    "GZ": 2,
    "HI": 2,
    "SX": 2,
    "GS": 1,
    "NM": 1,
    "XJ": 1,
}
PATENTS_BY_PROVINCE = PATENTS_OF_TABLE_2 | PATENTS_OF_OTHER_PROVINCES_ASSUMED
# Patents whose Chinese inventors cannot be placed, by any means or among several provinces of one city name.
UNRESOLVED_ASSUMED = 137
AMBIGUOUS_ASSUMED = {
    "Chaoyang": 10,
    "Chaoyang District": 4,
    "Taizhou": 12,
    "Yulin": 6,
    "Yichun": 4,
    "Gulou District": 4,
}

# Table 3: Jiangsu's patents per partner country, one country each.
JIANGSU_BY_COUNTRY = {"SG": 41, "PH": 13, "IL": 8, "IN": 6, "CZ": 6, "MY": 5, "SA": 5, "RU": 2, "PL": 1}

# Table 4: Jiangsu's patents per technical field, in the words of the paper.
JIANGSU_BY_FIELD = {
    "Electricity": 38,
    "Essential for human life": 14,
    "Physical": 13,
    "Chemistry": 7,
    "Operation": 7,
    "Metallurgy": 3,
    "Mechanical engineering": 2,
    "Transport": 2,
    "Illumination": 1,
}

# The paper prints no yearly numbers, only stage totals of 11, 38 and 38 and mean yearly growth rates of
# 47.72 % (Jiangsu) and 20.58 % (China). These series meet all of them.
JIANGSU_BY_YEAR_ASSUMED = (1, 2, 4, 2, 1, 1, 6, 8, 7, 5, 2, 3, 7, 8, 9, 10, 11)
CHINA_BY_YEAR_ASSUMED = (15, 16, 22, 29, 38, 55, 64, 74, 80, 89, 103, 117, 135, 163, 196, 252, 282)
