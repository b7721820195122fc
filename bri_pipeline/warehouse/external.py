"""Tables that SQL models read but that no SQL file makes: name, meaning and columns of each.

``lake.*`` are read from the lake's Parquet and JSON files, ``reference.*`` is loaded by
``bri_pipeline.warehouse.reference_tables``; a table with a ``source`` is made from that table, between two models, by
``bri_pipeline.warehouse.python_tables``; ``checks.*`` is kept by ``bri_pipeline.warehouse.outcomes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import duckdb
import polars as pl

from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.warehouse.sql_text import named

_DUCKDB_TYPES = {pl.Int32(): "integer", pl.String(): "varchar", pl.Date(): "date"}


_MEANINGS = {
    "publication_number": "US + number + kind code",
    "kind": "kind code",
    "publication_date": "date of publication",
    "application_number": "digits as filed, series code first",
    "filing_date": "date of filing",
    "title": "title as plain text",
    "inventors": "inventors in the order printed",
    "applicants": "assignees and applicants",
    "ipc": "IPC symbols in the order printed",
    "cpc": "CPC symbols in the order printed",
    "related": "priority claims and related documents",
    "notes": "what could not be read, or was read otherwise than printed",
}


def _of_record(*names: str) -> Iterator[tuple[str, str, str]]:
    """Name, DuckDB type and meaning of fields of a publication's record."""
    for name in names:
        yield name, duckdb_type(PUBLICATION_SCHEMA[name]), _MEANINGS[name]


def duckdb_type(dtype: pl.DataType) -> str:
    """The DuckDB type that holds values of a Polars type of a publication's record."""
    if isinstance(dtype, pl.List):
        return f"{duckdb_type(cast(pl.DataType, dtype.inner))}[]"
    if isinstance(dtype, pl.Struct):
        fields = (
            f"{named(field.name)} {duckdb_type(cast(pl.DataType, field.dtype))}" for field in dtype.fields
        )
        return f"struct({', '.join(fields)})"
    return _DUCKDB_TYPES[dtype]


@dataclass(frozen=True, slots=True)
class ExternalColumn:
    """Name, DuckDB type, meaning and unit of a column; ``unit`` is empty for texts and where the meaning says it."""

    name: str
    type: str
    description: str
    unit: str = ""

    @property
    def description_with_unit(self) -> str:
        """``meaning [unit]``, as the database and the UI say it."""
        return f"{self.description} [{self.unit}]" if self.unit else self.description


@dataclass(frozen=True, slots=True)
class ExternalTable:
    """A table made outside SQL; ``made_by`` says where, ``source`` from which SQL table, if from one."""

    name: str
    made_by: str
    description: str
    columns: tuple[ExternalColumn, ...]
    source: str | None = None


def _table(
    name: str,
    made_by: str,
    description: str,
    *columns: tuple[str, str, str] | tuple[str, str, str, str],
    source: str | None = None,
) -> ExternalTable:
    return ExternalTable(
        name, made_by, description, tuple(ExternalColumn(*column) for column in columns), source
    )


_LAKE = "the lake's files"
_REFERENCE = "data/reference and the study"
_CHECKS = "the build itself"

_TABLES = (
    _table(
        "lake.hits",
        _LAKE,
        "One row per country and publication with a focal-country inventor and an inventor of that country.",
        ("country", "varchar", "partner country searched, ISO 3166 code"),
        ("year", "integer", "year partition: year of publication"),
        *_of_record(*PUBLICATION_SCHEMA),
        ("source_file", "varchar", "file of the archive the record was read from"),
        ("landed_at", "timestamp with time zone", "when the partition was landed"),
    ),
    _table(
        "lake.publications",
        _LAKE,
        "One row per publication with an inventor of the focal country (the codes of the study), partner or not, and "
        "source file it is in.",
        *_of_record(
            "publication_number",
            "kind",
            "publication_date",
            "application_number",
            "filing_date",
            "inventors",
            "applicants",
            "ipc",
            "related",
        ),
        ("source_file", "varchar", "file of the archive the record was read from"),
    ),
    _table(
        "lake.files",
        _LAKE,
        "One row per source file read.",
        ("source_file", "varchar", "name of the file in the archive"),
        ("file_year", "integer", "year folder of the archive"),
        ("size_bytes", "bigint", "size of the file"),
        ("sha256", "varchar", "digest of the file"),
        ("documents", "bigint", "publications seen: kept + skipped + unreadable"),
        ("kept", "bigint", "with an inventor of the focal country"),
        ("skipped", "bigint", "without one"),
        ("other_documents", "bigint", "documents of another type"),
        ("unreadable", "bigint", "documents set aside in quarantine"),
        ("kinds_not_counted", "bigint", "publications of a kind the study does not count"),
        ("outside_year", "bigint", "publications dated outside the year partition"),
        (
            "documents_before",
            "bigint",
            "most documents a file of this name held before; null where its bytes never changed",
        ),
        ("notes", "varchar", "kept publications that a peculiarity of the source concerns; null if none"),
        ("problem", "varchar", "why the file could not be read to its end; null if it could"),
        ("landed_at", "timestamp with time zone", "when the file was landed"),
    ),
    _table(
        "lake.left_out",
        _LAKE,
        "One row per file of the archive that is not read.",
        ("source_file", "varchar", "name of the file in the archive"),
        ("file_year", "integer", "year folder of the archive"),
        ("size_bytes", "bigint", "size of the file; 0 if it never came"),
        ("sha256", "varchar", "digest of the file; null if it never came"),
        (
            "reason",
            "varchar",
            "same bytes, second copy with other bytes, other form of the week, accepted loss, cannot be opened, or "
            "no source file",
        ),
        ("read_instead", "varchar", "file that is read instead; null where there is none"),
        ("problem", "varchar", "why it cannot be opened, and what to do; null for the others"),
    ),
    _table(
        "lake.read_twice",
        _LAKE,
        "One row per record of a publication that is not used, since it was kept several times.",
        ("publication_number", "varchar", "US + number + kind code"),
        ("publication_date", "date", "date of publication"),
        ("kept_file", "varchar", "file it counts from, the last by name"),
        ("replaced_file", "varchar", "file whose record of it is not used"),
    ),
    _table(
        "lake.quarantine",
        _LAKE,
        "One row per document that could not be read.",
        ("source_file", "varchar", "file it is in"),
        ("file_year", "integer", "year folder of the archive"),
        ("document_index", "bigint", "position in the file, from 0"),
        ("byte_offset", "bigint", "where it begins"),
        ("reason", "varchar", "why it could not be read"),
        ("excerpt", "varchar", "its beginning"),
    ),
    _table(
        "lake.partitions",
        _LAKE,
        "One row per searched country and year of the window, landed or not.",
        ("country", "varchar", "partner country searched"),
        ("year", "integer", "year of the window"),
        ("hits", "bigint", "hits the partition was written with; null if not landed"),
        ("landed", "boolean", "whether the partition has been landed"),
        ("landed_at", "timestamp with time zone", "when"),
    ),
    _table(
        "lake.country_codes",
        _LAKE,
        "One row per source file and country code of an inventor of a kept publication that is no plain code of "
        "ISO 3166: unknown, or read by data/reference/country_codes.csv or by the US state beside it.",
        ("source_file", "varchar", "file the publications were read from"),
        ("printed", "varchar", "code as printed, in capitals"),
        ("country", "varchar", "country it was read as; null: none"),
        ("rule", "varchar", "kind of the rule it was read by, or unknown code"),
        ("inventors", "bigint", "inventors of kept publications printed with it"),
    ),
    _table(
        "lake.country_sets",
        _LAKE,
        "One row per source file, year, kind and set of inventor countries: every document read, kept or not. Empty "
        "where a source does not count them.",
        ("source_file", "varchar", "file the documents were read from"),
        ("year", "integer", "year of publication"),
        ("kind", "varchar", "kind code"),
        ("countries", "varchar[]", "countries the inventors count for, sorted; empty where none is known"),
        ("documents", "bigint", "documents; one that is in several files counts in each"),
    ),
    _table(
        "lake.papers",
        _LAKE,
        "One row per paper (a work of OpenAlex) with an institution of the focal country and one of a partner "
        "country; empty in a study without papers.",
        ("work_id", "varchar", "OpenAlex's number, W..."),
        ("title", "varchar", "title"),
        ("publication_date", "date", "date of publication"),
        ("year", "integer", "year of publication"),
        ("type", "varchar", "article, review, preprint ..."),
        ("field", "varchar", "field of its primary topic, one of OpenAlex's 26; null if none"),
        ("authors", "integer", "authors listed; OpenAlex lists at most 100 of a work in a search"),
        ("authors_truncated", "boolean", "whether OpenAlex left authors out"),
        (
            "affiliations",
            "struct(author integer, institution_id varchar, institution varchar, country varchar)[]",
            "institutions of its authors; author is the position, from 1",
        ),
        ("source_file", "varchar", "month, or file of the snapshot"),
    ),
    _table(
        "lake.paper_institutions",
        _LAKE,
        "One row per institution of the papers: where it is.",
        ("institution_id", "varchar", "OpenAlex's number, I..."),
        ("name", "varchar", "its name"),
        ("country", "varchar", "ISO 3166 code"),
        ("city", "varchar", "its city"),
        ("region", "varchar", "its region as OpenAlex names it; mostly null"),
    ),
    _table(
        "lake.paper_files",
        _LAKE,
        "One row per month, or file of the snapshot read: what was found in it.",
        ("source_file", "varchar", "month, or file of the snapshot"),
        ("works", "bigint", "works read"),
        ("kept", "bigint", "of which papers of the study"),
        ("unreadable", "bigint", "of which could not be read"),
        ("truncated", "bigint", "papers kept of which OpenAlex lists only the first authors"),
        ("is_whole", "boolean", "whether it was read to its end"),
        (
            "problem",
            "varchar",
            "why a file of the snapshot could not be opened, and what to do; null for the others",
        ),
        (
            "odd_countries",
            "varchar",
            "codes of institutions' countries that are no plain ones, with counts; null if none",
        ),
        ("landed_at", "timestamp with time zone", "when it was read"),
    ),
    _table(
        "staging.place_resolution",
        "bri_pipeline.places.resolver",
        "One row per distinct (city_raw, region_raw) of staging.place_strings: the province it names.",
        ("city_raw", "varchar", "city as printed"),
        ("region_raw", "varchar", "region as printed"),
        ("inventor_mentions", "bigint", "inventors printed with it", "inventors"),
        ("applicant_mentions", "bigint", "applicants printed with it", "applicants"),
        ("province", "varchar", "ISO 3166-2 code; null if unresolved or ambiguous"),
        ("city", "varchar", "city recognised"),
        ("method", "varchar", "rule that decided"),
        ("confidence", "double", "how sure the rule is", "from 0 to 1"),
        ("candidates", "varchar[]", "every province the string may name"),
        ("candidate_cities", "varchar[]", "prefecture-level city of each candidate, where known"),
        ("note", "varchar", "why, in words"),
        source="staging.place_strings",
    ),
    _table(
        "staging.partner_places",
        "bri_pipeline.places.partners",
        "One row per address of staging.partner_place_strings: the region it names.",
        ("country", "varchar", "partner country, ISO 3166 code"),
        ("city_raw", "varchar", "city as printed"),
        ("region_raw", "varchar", "region as printed"),
        ("inventor_mentions", "bigint", "inventors printed with it", "inventors"),
        ("partner_region", "varchar", "ISO 3166-2 code; null if unresolved or ambiguous"),
        ("city", "varchar", "city recognised"),
        ("method", "varchar", "rule that decided"),
        ("confidence", "double", "how sure the rule is", "from 0 to 1"),
        ("candidates", "varchar[]", "every region the string may name"),
        ("note", "varchar", "why, in words"),
        source="staging.partner_place_strings",
    ),
    _table(
        "core.poisson_limits",
        "bri_pipeline.warehouse.exact",
        "One row per count of core.counts_wanted: the exact 95 % interval of a Poisson mean (Garwood 1936).",
        ("patents", "bigint", "a count", "patents"),
        (
            "low",
            "double",
            "lower end of the 95 % interval, exact: half the chi-square quantile at 0.025 with 2 * patents degrees of "
            "freedom; 0 for 0",
            "patents",
        ),
        (
            "high",
            "double",
            "its upper end: half the chi-square quantile at 0.975 with 2 * patents + 2 degrees of freedom",
            "patents",
        ),
        source="core.counts_wanted",
    ),
    _table(
        "marts.applicant_positions",
        "bri_pipeline.warehouse.applicant_network",
        "One row per applicant that shares a patent with another one: its position in the network "
        "applicant-applicant of marts.network_edges.",
        ("applicant", "varchar", "harmonised name"),
        (
            "betweenness",
            "double",
            "shortest paths between two other applicants that run through it / shortest paths between the two, summed "
            "over all pairs of others / number of such pairs (Freeman 1977), every edge of length 1; beyond 1,000 "
            "applicants estimated from the paths of as many of them, drawn with a fixed seed",
            "fraction",
        ),
        (
            "community",
            "integer",
            "number of its community, the largest first, ties by the first name in the alphabet: the Louvain method "
            "over edges weighted with patents, with a fixed seed (Blondel and others 2008)",
            "number of a group, from 1",
        ),
        source="marts.network_edges",
    ),
    _table(
        "marts.homogeneity",
        "bri_pipeline.warehouse.homogeneity",
        "One row, for the province in focus: whether its partner countries are distributed as those of the rest of the "
        "country. Compared are the whole counts of marts.specialisation, those of the province and the others: a "
        "patent counts once for each of its partner countries.",
        ("scope", "varchar", "province"),
        (
            "countries",
            "integer",
            "countries compared: the first ten of the nation and those of the province",
            "countries",
        ),
        (
            "chi_square",
            "double",
            "Pearson's: sum of (observed - expected)^2 / expected over the table of these countries by province and "
            "elsewhere; expected = row sum * column sum / all",
            "chi-square",
        ),
        (
            "p_monte_carlo",
            "double",
            "simulated tables with the same margins whose chi-square is at least the observed one / simulated; 0 means "
            "less than 1 / simulated",
            "probability",
        ),
        ("simulated", "integer", "tables simulated, with a fixed seed", "tables"),
        (
            "expected_below_5",
            "integer",
            "expected counts below 5 in that table, which forbid the p of the chi-square distribution",
            "cells of the table",
        ),
        (
            "pooled_chi_square",
            "double",
            "the same sum over the nation's four largest partners apart and all its others pooled: every country of "
            "the nation is in it",
            "chi-square",
        ),
        ("pooled_df", "integer", "its degrees of freedom: rows of that table - 1", "degrees of freedom"),
        (
            "pooled_p",
            "double",
            "upper tail of the chi-square distribution with pooled_df: beyond pooled_chi_square",
            "probability",
        ),
        source="marts.specialisation",
    ),
    _table(
        "marts.cooperation_likeness",
        "bri_pipeline.warehouse.cooperation",
        "One row per scope, dimension and two instruments of cooperation with items in the scope: whether they go to "
        "the same members. Whole counts of marts.cooperation_profile; unresolved provinces take no part. All p are "
        "two-sided and from a fixed seed.",
        ("scope", "varchar", "code of the focal country or of one of its provinces, states or regions"),
        ("dimension", "varchar", "country, region or province"),
        ("first", "varchar", "instrument: patents or papers"),
        ("second", "varchar", "instrument: papers or alliances"),
        (
            "members",
            "integer",
            "members compared: all regions; countries and provinces that either has",
            "members",
        ),
        ("first_items", "bigint", "items of the first instrument in the scope", "items of the instrument"),
        ("second_items", "bigint", "items of the second", "items of the instrument"),
        (
            "spearman",
            "double",
            "Spearman's rank correlation of the two counts of the members: Pearson's of their ranks, ties at their "
            "mean rank",
            "correlation from -1 to 1",
        ),
        (
            "spearman_p",
            "double",
            "orders of the members whose correlation is at least as far from 0 / orders; of drawn orders the observed "
            "one counts among both",
            "probability",
        ),
        (
            "kendall",
            "double",
            "Kendall's tau-b: (pairs of members in the same order - pairs in opposite order) / square root of (pairs "
            "not tied in the first * pairs not tied in the second)",
            "correlation from -1 to 1",
        ),
        ("kendall_p", "double", "its p over the same orders: as spearman_p", "probability"),
        (
            "orders",
            "integer",
            "orders of the members that the p are taken from: all up to eight members, else 10,000 drawn",
            "orders",
        ),
        ("is_exact", "boolean", "whether those are all orders there are"),
        (
            "chi_square",
            "double",
            "Pearson's: sum of (observed - expected)^2 / expected over the table of members by instruments",
            "chi-square",
        ),
        (
            "homogeneity_p",
            "double",
            "simulated tables with the same margins whose chi-square is at least the observed one / simulated; 0 means "
            "less than 1 / simulated",
            "probability",
        ),
        ("simulated", "integer", "tables simulated", "tables"),
        ("expected_below_5", "integer", "expected counts below 5 in that table", "cells of the table"),
        ("reason", "varchar", "why there are no numbers; null if there are"),
        source="marts.cooperation_profile",
    ),
    _table(
        "marts.cooperation_differences",
        "bri_pipeline.warehouse.cooperation",
        "One row per scope, dimension, two instruments of cooperation and member: the difference of its shares. The "
        "members are those of marts.cooperation_likeness and unresolved provinces.",
        ("scope", "varchar", "code of the focal country or of one of its provinces, states or regions"),
        ("dimension", "varchar", "country, region or province"),
        ("first", "varchar", "instrument: patents or papers"),
        ("second", "varchar", "instrument: papers or alliances"),
        ("member", "varchar", "country, region or province"),
        ("member_name", "varchar", "its name"),
        (
            "first_count",
            "bigint",
            "items of the first instrument with the member",
            "items of the instrument",
        ),
        ("second_count", "bigint", "items of the second", "items of the instrument"),
        (
            "first_share",
            "double",
            "first_count / items of the first instrument in the scope; shares sum to more than 1 where items have "
            "several members",
            "fraction",
        ),
        ("second_share", "double", "second_count / items of the second", "fraction"),
        ("difference", "double", "second_share - first_share", "difference of fractions"),
        (
            "low",
            "double",
            "lower end of its 95 % interval (Newcombe 1998, method 10): difference - sqrt((q - l2)^2 + (u1 - p)^2), p "
            "and q the shares, l and u the ends of their score intervals (Wilson 1927)",
            "difference of fractions",
        ),
        (
            "high",
            "double",
            "its upper end: difference + sqrt((u2 - q)^2 + (p - l1)^2)",
            "difference of fractions",
        ),
        source="marts.cooperation_profile",
    ),
    _table(
        "core.proportion_limits",
        "bri_pipeline.warehouse.exact",
        "One row per pair of core.proportions_wanted: the exact 95 % interval of the proportion (Clopper and Pearson "
        "1934).",
        ("part", "bigint", "a count", "items"),
        ("base", "bigint", "what it is a part of", "items"),
        (
            "low",
            "double",
            "lower end of the 95 % interval of part / base, exact: beta quantile at 0.025 with part and base - part + "
            "1; 0 for 0",
            "fraction",
        ),
        (
            "high",
            "double",
            "its upper end: beta quantile at 0.975 with part + 1 and base - part; 1 for all",
            "fraction",
        ),
        source="core.proportions_wanted",
    ),
    _table(
        "core.ratio_tests",
        "bri_pipeline.warehouse.exact",
        "One row per pair of stages of core.ratios_wanted: the exact conditional test of equal rates (Przyborowski and "
        "Wilenski 1940) and the 95 % interval of their ratio. Given the patents of both, those of the later stage are "
        "binomial with probability years / (years + previous_years) where the rates are equal.",
        ("patents", "bigint", "patents of the stage", "patents"),
        ("years", "bigint", "its years", "years"),
        ("previous_patents", "bigint", "patents of the stage before", "patents"),
        ("previous_years", "bigint", "its years", "years"),
        (
            "low",
            "double",
            "lower end of the 95 % interval of the ratio of the yearly means: l / (1 - l) * previous_years / years, l "
            "the Clopper-Pearson limit of patents / (patents + previous_patents)",
            "ratio",
        ),
        ("high", "double", "its upper end; null if infinite, or without patents", "ratio"),
        (
            "p_value",
            "double",
            "sum of the probabilities of the outcomes no likelier than the observed one (two-sided), binomial with "
            "years / (years + previous_years); 1 without patents",
            "probability",
        ),
        source="core.ratios_wanted",
    ),
    _table(
        "core.fisher_tests",
        "bri_pipeline.warehouse.exact",
        "One row per table of core.fourfold_tables: Fisher's exact test (Fisher 1934).",
        ("patents", "bigint", "patents of the province with the member", "patents"),
        ("scope_patents", "bigint", "patents of the province", "patents"),
        ("member_patents", "bigint", "patents of the nation with the member", "patents"),
        ("national_patents", "bigint", "patents of the nation", "patents"),
        (
            "p_value",
            "double",
            "sum of the hypergeometric probabilities of the tables with these margins no likelier than the observed "
            "one (two-sided); margins: scope_patents, member_patents, national_patents",
            "probability",
        ),
        source="core.fourfold_tables",
    ),
    _table(
        "core.poisson_trends",
        "bri_pipeline.warehouse.poisson",
        "One row per distinct series of core.trends_wanted: the Poisson regression of the counts on the year, with the "
        "weights as exposure: ln E[N_t] = a + slope * t + ln(weight_t), by maximum likelihood.",
        ("counts", "bigint[]", "counts N of consecutive years, t = 0, 1, ...", "patents"),
        (
            "weights",
            "double[]",
            "exposure of each year; a year of weight 0 takes no part",
            "1, or publications of the scope",
        ),
        ("slope", "double", "the slope; null where there is none, see reason", "nats per year"),
        (
            "standard_error",
            "double",
            "of the slope: 1 / sqrt(sum of the counts * variance of t over the fitted counts)",
            "nats per year",
        ),
        (
            "dispersion",
            "double",
            "Pearson's chi-square / (years - 2); null for fewer than three years",
            "ratio",
        ),
        ("cost", "double", "-ln of the likelihood at the fitted slope, with ln N!", "nats"),
        ("reason", "varchar", "why there is no slope; null if there is one"),
        source="core.trends_wanted",
    ),
    _table(
        "reference.study",
        _REFERENCE,
        "One row: the study as declared.",
        ("name", "varchar", "name of the study"),
        ("title", "varchar", "title"),
        ("focal_country", "varchar", "ISO 3166 code; also the national scope"),
        ("focal_province", "varchar", "ISO 3166-2 code of the province in focus"),
        ("window_start", "date", "first publication date"),
        ("window_end", "date", "last publication date; null: open"),
        ("documents", "varchar", "publications or grants"),
        ("kinds", "varchar[]", "kind codes counted"),
        ("hong_kong_as_cn", "boolean", "whether inventors of Hong Kong count as inventors of CN"),
        ("partner_group", "varchar", "name of the group of partner countries"),
        (
            "growth_from",
            "integer",
            "base year of the growth rates; null: not declared, the first whole year",
        ),
        ("growth_to", "integer", "last year of the growth rates; null: not declared, the last whole year"),
        ("counting_date", "varchar", "publication or filing: the date whose year a patent counts in"),
        ("is_synthetic", "boolean", "whether the records are made up"),
        ("comparison_from", "integer", "first year of the later of two periods compared; null: not declared"),
        ("zero_year_rule", "varchar", "skip, zero or none: what a year after an empty year counts"),
        ("first_year", "integer", "first year of the window"),
        ("last_year", "integer", "last year of the window"),
        ("declares_expected_values", "boolean", "whether the study says which values it must reproduce"),
        (
            "asks_the_papers_question",
            "boolean",
            "whether focal country, partner group and documents are the paper's, so that its claims can be judged",
        ),
    ),
    _table(
        "reference.partners",
        _REFERENCE,
        "One row per country of the partner group.",
        ("iso2", "varchar", "ISO 3166 code"),
        ("name", "varchar", "name"),
        ("region", "varchar", "region of the group"),
        ("searched", "boolean", "whether hits are searched for it"),
        ("note", "varchar", "remark"),
        ("position", "integer", "order in the group's file"),
    ),
    _table(
        "reference.regions",
        _REFERENCE,
        "One row per region of the partner group.",
        ("region", "varchar", "name"),
        ("countries", "integer", "countries of the group in it"),
        ("countries_searched", "integer", "of which searched"),
        ("position", "integer", "order of first mention in the group's file"),
    ),
    _table(
        "reference.years",
        _REFERENCE,
        "One row per year of the window.",
        ("year", "integer", "year"),
        ("from_date", "date", "first day of the year inside the window"),
        ("to_date", "date", "last day of the year inside the window"),
        ("is_whole", "boolean", "whether the window covers the whole year"),
    ),
    _table(
        "reference.alliances",
        _REFERENCE,
        "One row per line of the study's file of technology alliances; empty in a study without one.",
        ("line", "integer", "line of the file"),
        ("date", "varchar", "date as written: a day, a month or a year"),
        ("year", "integer", "its year"),
        ("first_day", "date", "first day the date may mean"),
        ("last_day", "date", "last day the date may mean"),
        ("focal_party", "varchar", "party in the focal country"),
        ("city_raw", "varchar", "city, or province or city, as written; null if none"),
        ("region_raw", "varchar", "province as written; null if none"),
        ("foreign_party", "varchar", "party abroad"),
        ("country", "varchar", "its country, ISO 3166 code"),
        ("kind", "varchar", "transfer, licence, joint laboratory, alliance or demonstration centre"),
        ("source", "varchar", "where it is documented"),
        ("duplicate_of", "integer", "line that says the same, before this one; null if none does"),
        ("is_synthetic", "boolean", "whether the line is made up"),
    ),
    _table(
        "reference.stages",
        _REFERENCE,
        "One row per stage the study declares.",
        ("position", "integer", "order, from 1"),
        ("stage", "varchar", "name"),
        ("from_year", "integer", "first year"),
        ("to_year", "integer", "last year; null: open, to the last whole year"),
    ),
    _table(
        "reference.countries",
        _REFERENCE,
        "One row per country code that may occur.",
        ("iso2", "varchar", "ISO 3166 code, or a code of WIPO ST.3"),
        ("name", "varchar", "name"),
    ),
    _table(
        "reference.provinces",
        _REFERENCE,
        "One row per first-level subdivision known by name.",
        ("code", "varchar", "ISO 3166-2 code"),
        ("name", "varchar", "name"),
    ),
    _table(
        "reference.ipc_classes",
        _REFERENCE,
        "One row per IPC class: its section and its label in the paper's Table 4.",
        ("ipc_class", "varchar", "class, e.g. H04"),
        ("section", "varchar", "section letter"),
        ("section_title", "varchar", "title of the section"),
        ("subsection_title", "varchar", "title of the sub-section"),
        ("class_title", "varchar", "title of the class"),
        ("paper_label", "varchar", "label of the paper's kind"),
        ("in_table_4", "boolean", "whether the paper's Table 4 has the label"),
    ),
    _table(
        "reference.wipo_fields",
        _REFERENCE,
        "One row per IPC prefix of WIPO's concordance of 35 technology fields.",
        ("field_number", "integer", "1 to 35"),
        ("sector", "varchar", "one of five sectors"),
        ("field", "varchar", "name of the field"),
        ("ipc_prefix", "varchar", "class, subclass, or subclass + main group + /"),
        ("level", "varchar", "class, subclass or group"),
    ),
    _table(
        "reference.applicant_aliases",
        _REFERENCE,
        "One row per alias of an applicant's name that people have entered.",
        ("name", "varchar", "the name without a legal form; case and punctuation do not matter"),
        ("harmonised_name", "varchar", "name it is counted under"),
        ("reviewer", "varchar", "who looked at it"),
        ("note", "varchar", "why"),
    ),
    _table(
        "reference.paper_claims",
        _REFERENCE,
        "One row per claim of the paper, with the verdict of its audit.",
        ("claim_id", "varchar", "C01 ..."),
        ("quote", "varchar", "words of the paper"),
        ("location", "varchar", "section or table"),
        ("published", "varchar", "what the paper prints"),
        ("verdict", "varchar", "verdict of the audit"),
        ("explanation", "varchar", "what the audit found, in full sentences"),
    ),
    _table(
        "reference.paper_claim_values",
        _REFERENCE,
        "One row per number that a claim of the paper rests on and that marts.measures can give.",
        ("claim_id", "varchar", "claim it belongs to"),
        ("position", "integer", "order within the claim"),
        ("label", "varchar", "short name shown before the number"),
        ("measure", "varchar", "measure of marts.measures"),
        ("scope", "varchar", "scope of the measure"),
        ("member", "varchar", "member of the measure"),
        (
            "relation",
            "varchar",
            "equal, more or less: how the number found must relate to the published one, or where none is to the next "
            "number of the claim, to support the audit's verdict; null: shown, not judged",
        ),
        ("published", "double", "the number it is compared with; null: none"),
        ("digits", "integer", "decimals the number is published with"),
        ("style", "varchar", "count, percent or decimal"),
    ),
    _table(
        "reference.expected_values",
        _REFERENCE,
        "One row per value the study must reproduce; empty unless it declares any.",
        ("id", "varchar", "invariant it belongs to, e.g. V1"),
        ("measure", "varchar", "measure of marts.measures"),
        ("scope", "varchar", "scope of the measure"),
        ("member", "varchar", "member of the measure"),
        ("value", "double", "expected value, or the lower bound if there is an upper one"),
        ("upper", "double", "upper bound; null: exact"),
        ("digits", "integer", "decimals compared"),
        ("source", "varchar", "where the value is printed"),
    ),
    _table(
        "checks.builds",
        _CHECKS,
        "One row per table as last built.",
        ("table_name", "varchar", "schema and name of the table"),
        (
            "build_id",
            "varchar",
            "digest of the table's contents as it was built; one changed by hand has another",
        ),
        (
            "made_from",
            "varchar",
            "digest of all it was made from: rows, SQL, code, reference files, libraries",
        ),
        ("rows", "bigint", "number of rows"),
        ("built_at", "timestamp with time zone", "when it was built"),
    ),
    _table(
        "checks.outcomes",
        _CHECKS,
        "One row per check: what it found when it last ran.",
        ("table_name", "varchar", "table the check is about"),
        ("check_name", "varchar", "name of the check, unique within its table"),
        ("severity", "varchar", "error: the numbers must not be used while it fails; warn: look at the rows"),
        ("passed", "boolean", "whether the check found no offending row"),
        ("offending_rows", "bigint", "number of rows the check found"),
        ("sample", "varchar", "the first offending rows as a JSON array of objects; [] if none"),
        ("build_id", "varchar", "build of the table that was checked, as in checks.builds"),
        ("inputs_id", "varchar", "digest of the check and of the contents of every table it read"),
        ("checked_at", "timestamp with time zone", "when the check ran"),
        ("description", "varchar", "what an offending row means"),
    ),
)

EXTERNAL_TABLES: dict[str, ExternalTable] = {table.name: table for table in _TABLES}


def create_empty(con: duckdb.DuckDBPyConnection, table: ExternalTable) -> None:
    """Create the table, empty; replaces a table of that name."""
    columns = ", ".join(f"{named(column.name)} {column.type}" for column in table.columns)
    con.execute(
        f"create schema if not exists {table.name.partition('.')[0]}; "
        f"create or replace table {table.name} ({columns})"
    )
