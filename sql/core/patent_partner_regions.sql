-- One row per patent, partner country it was found for and region of that country where inventors of it live: the
-- first-level division (ISO 3166-2), or unresolved or ambiguous, so that nothing vanishes.
-- @column publication_number | patent
-- @column country | partner country
-- @column partner_region | ISO 3166-2 code (a city state's own code), unresolved or ambiguous
-- @column inventors | inventors of the country there
-- @column weight_full | 1: the patent counts once for each of its regions
-- @column weight_fractional | inventors / inventors of all its partner countries; sums to 1 over a patent
-- @unique publication_number, country, partner_region
with placed as (
    select
        inventors.publication_number,
        inventors.country,
        coalesce(
            places.partner_region, if(places.method = 'ambiguous', 'ambiguous', 'unresolved')
        ) as partner_region
    from staging.partner_inventors as inventors
    left join staging.partner_places as places
        on
            inventors.country = places.country
            and inventors.city_raw is not distinct from places.city_raw
            and inventors.region_raw is not distinct from places.region_raw
)

select
    patents.publication_number,
    placed.country,
    placed.partner_region,
    count(*) as inventors,
    1 as weight_full,
    count(*) / any_value(patents.partner_inventors) as weight_fractional
from core.patents as patents
inner join placed using (publication_number)
group by patents.publication_number, placed.country, placed.partner_region
order by patents.publication_number, placed.country, placed.partner_region
