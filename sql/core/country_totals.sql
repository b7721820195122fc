-- One row per year and country: all publications read with an inventor of the country, whole counting. The base
-- for saying how much of a country's inventing is shared. Where Hong Kong counts as China (hong_kong_as_cn), a
-- publication with inventors of both is one publication of China, and Hong Kong has no row.
-- @column year | year of publication
-- @column country | ISO 3166 code
-- @column country_name | its name; the code if it has none
-- @column is_focal | whether this is the focal country
-- @column is_partner | whether it belongs to the partner group
-- @column publications | publications with an inventor of the country, by the code printed and of any kind; one that
--   is in several files read counts once in each of them (a hit counts once)
-- @unit calendar year | year
-- @unit publications | publications
-- @unique year, country
with counted as (
    select
        sets.year,
        list_distinct(list_transform(
            sets.countries,
            lambda code:
                case
                    when code = 'HK' and study.hong_kong_as_cn and study.focal_country = 'CN' then 'CN'
                    else code
                end
        )) as countries,
        sets.documents
    from core.country_sets as sets
    cross join reference.study as study
),

totals as (
    select
        counted.year,
        entry.country,
        sum(counted.documents) as publications
    from counted, unnest(counted.countries) as entry (country)
    group by counted.year, entry.country
)

select
    totals.year::integer as year,
    totals.country,
    coalesce(partners.name, countries.name, totals.country) as country_name,
    totals.country = study.focal_country as is_focal,
    partners.iso2 is not null as is_partner,
    totals.publications::bigint as publications
from totals
cross join reference.study as study
left join reference.partners as partners on totals.country = partners.iso2
left join reference.countries as countries on totals.country = countries.iso2
order by totals.year, totals.country
