-- One row per source file, year, kind and set of inventor countries, over every document read, kept or not: the base
-- for margins, pairs and shares of countries. Empty where the source was not asked to count, or cannot.
-- @column source_file | file of the archive the documents were read from
-- @column year | year of publication
-- @column kind | kind code
-- @column countries | countries the inventors count for, by the code printed, sorted; empty where none is known
-- @column documents | documents; one that is in several files read counts once in each of them (a hit counts once)
-- @unit calendar year | year
-- @unit documents | documents
-- @unique source_file, year, kind, countries
-- @not_null documents
select
    source_file,
    year,
    kind,
    countries,
    documents
from lake.country_sets
order by source_file, year, kind, countries
