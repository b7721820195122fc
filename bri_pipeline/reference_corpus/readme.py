"""The README beside the built files."""

from __future__ import annotations

from collections.abc import Mapping

from bri_pipeline.reference_corpus import paper_margins as margins
from bri_pipeline.reference_corpus.chinese_places import PLACES

_TEXT = """\
# Reference corpus: synthetic records

**Nothing in this folder was published by the United States Patent and Trademark Office.** Every document,
person, company and number is made up. The files imitate the USPTO's weekly front pages (Patent Application
Bibliographic Data, XML) so that the study of the paper "Analysis of National Patent Cooperation between
Jiangsu Province and the Belt and Road Initiative" can be run from files to figures, although the paper's
{hits:,} records were never published.

- Every title begins with "Synthetic record:".
- Publication numbers end in serials from 9,000,001; the USPTO has never come near that in a year.
- Application numbers begin with 00 or 80 in place of a series code of the USPTO.

{files} weekly files ({superseded} of them superseded by a revision) hold {documents:,} standing documents;
{patents:,} of these are the patents of the study. `python -m bri_pipeline.reference_corpus` builds the folder
and writes the same bytes every time; do not edit the files by hand.

## Exact: what the paper prints

- {hits:,} hits in the searches for 62 countries, {duplicates} duplicates, {patents:,} patents
- Tables 1 to 4; {countries} partner countries of China and {focal_countries} of Jiangsu
- stage totals of 11, 38 and 38 for Jiangsu
- mean yearly growth 2001-2017 of 47.72 % for Jiangsu and 20.58 % for China
- one partner country and one primary IPC symbol per Jiangsu patent

All placed Chinese inventors of a patent live in one province.

## Assumed: what the paper does not print

| what | assumed |
|---|---|
| hits of the 25 countries missing from Table 1 | {others} |
| publications under several countries | {several} |
| patents of provinces missing from Table 2 | {provinces} |
| patents whose Chinese inventors give no usable place | {unresolved} |
| patents whose Chinese inventors give a name that several provinces share | {ambiguous}: {names} |
| China per year, 2001-2017 | {china} |
| Jiangsu per year, 2001-2017 | {jiangsu} |
| January and February 2018 | no hits, as the stage totals leave none for Jiangsu |
| technical fields outside Jiangsu | drawn by weight, electricity and physics first |
| everything else | country, year, province and field of a patent are independent of each other |

A result that depends on these assumptions says nothing about the world: ranks below the printed countries
and provinces, fields of China, applicants, networks, cross tables.

## Dirty on purpose

- City spellings: upper case, spaced syllables, districts, older names, post codes, the province in the city's
  place, line breaks, Chinese script, typing errors. A patent with a province has at least one plain place.
- Three countries for one inventor in 2005-2012 (address, nationality, residence); the residence counts.
- Inventors listed again as applicants, company names in several spellings, line breaks in names, entities (to
  2004 named ones that only the external DTD declares).
- Weeks published again: the first file of 2003 (`_r1`) and of 2011 (`_r1`, `_r2`); what they supersede has
  false hits and lacks true ones.
- Amended (A2) and corrected (A9) publications of applications without a partner country, and plant
  applications (P1) with one: outside the counted set.
- One document in 2002 and one in 2010 that cannot be parsed, one sequence listing in 2014.
- Publications of 8 March 2018, after the study's window.
- Several thousand publications without a hit: China only, partner only, Taiwan, Hong Kong or the United
  States with a partner, Hong Kong written under China, Serbia and Montenegro (not searched), a Chinese office
  address or passport of inventors who live elsewhere, inventors without an address, publications without an
  IPC symbol.
"""


def readme_text(*, files: int, superseded: int, documents: int, patents: int) -> str:
    """The README of a corpus with so many files and documents."""
    hits = sum(margins.HITS.values())
    return _TEXT.format(
        files=files,
        superseded=superseded,
        documents=documents,
        patents=patents,
        hits=hits,
        duplicates=hits - patents,
        countries=len(margins.HITS),
        focal_countries=len(margins.JIANGSU_BY_COUNTRY),
        others=_counts(margins.HITS_OF_OTHERS_ASSUMED),
        several=", ".join("+".join(countries) for countries in margins.SEVERAL_COUNTRIES_ASSUMED),
        provinces=_counts({PLACES[p].name: n for p, n in margins.PATENTS_OF_OTHER_PROVINCES_ASSUMED.items()}),
        unresolved=margins.UNRESOLVED_ASSUMED,
        ambiguous=sum(margins.AMBIGUOUS_ASSUMED.values()),
        names=_counts(margins.AMBIGUOUS_ASSUMED),
        china=" ".join(map(str, margins.CHINA_BY_YEAR_ASSUMED)),
        jiangsu=" ".join(map(str, margins.JIANGSU_BY_YEAR_ASSUMED)),
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())
