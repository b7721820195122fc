-- One row: the size of the study, from the countries listed to the patents.
-- @column countries_listed | countries of the partner group
-- @column countries_searched | of which hits are searched for
-- @column countries_with_patents | of which have patents
-- @column hits | rows of raw.uspto_hits: publications per partner country
-- @column duplicates | hits removed because they repeat another one
-- @column patents | patents; hits - duplicates
-- @column families | distinct families of the patents, core.patent_families
-- @column first_date | earliest publication date of a patent
-- @column last_date | latest publication date of a patent
-- @column utility_share | inventions (a kind of A or B, not plants or designs) / all publications read with inventors
--   of both sides, whatever their kind
-- @column country_years | searched countries times years of the window
-- @column country_years_landed | of which have been landed
-- @column is_complete | whether all of them have
-- @unit countries | countries_listed, countries_searched, countries_with_patents
-- @unit hits | hits, duplicates
-- @unit patents | patents
-- @unit fraction | utility_share
-- @unit families | families
-- @unit country-years | country_years, country_years_landed
with partners as (
    select
        count(*) as listed,
        count(*) filter (searched) as searched
    from reference.partners
),

patents as (
    select
        count(*) as patents,
        count(distinct family_id) as families,
        min(publication_date) as first_date,
        max(publication_date) as last_date
    from core.patents
),

kinds as (
    select sum(publications) filter (is_invention) / sum(publications) as utility_share
    from core.kinds_read
),

partitions as (
    select
        count(*) as country_years,
        count(*) filter (landed) as country_years_landed
    from raw.country_years
)

select
    partners.listed as countries_listed,
    partners.searched as countries_searched,
    (select count(distinct country) from core.patent_countries) as countries_with_patents,
    (select count(*) from raw.uspto_hits) as hits,
    (select count(*) from core.duplicates) as duplicates,
    patents.patents,
    patents.families,
    patents.first_date,
    patents.last_date,
    kinds.utility_share,
    partitions.country_years,
    partitions.country_years_landed,
    partitions.country_years > 0 and partitions.country_years = partitions.country_years_landed as is_complete
from partners
cross join patents
cross join kinds
cross join partitions
