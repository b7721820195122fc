-- One row per source file and country code printed for an inventor that is no plain code of ISO 3166, over every
-- publication kept, hit or not: codes that are unknown (no country), and codes read otherwise than printed, by
-- data/reference/country_codes.csv or because they only repeat the US state printed beside them.
-- @column source_file | file of the archive
-- @column printed | code as printed, in capitals
-- @column country | country it was read as; null if it was read as none
-- @column rule | kind of the rule it was read by (the column kind of country_codes.csv), or unknown code
-- @column inventors | inventors of kept publications printed with it
-- @unit inventors | inventors
-- @unique source_file, printed, rule
select
    source_file,
    printed,
    country,
    rule,
    inventors
from lake.country_codes
order by source_file, printed, rule
