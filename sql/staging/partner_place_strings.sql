-- One row per distinct address of partner countries: country, city and region as printed for their inventors or as
-- listed for the institutions of their papers; the strings that staging.partner_places has to resolve.
-- @column country | partner country, ISO 3166 code
-- @column city_raw | city; null if none
-- @column region_raw | region; null if none
-- @column inventor_mentions | inventors of hits printed with it
-- @unique country, city_raw, region_raw
with addresses as (
    select country, city_raw, region_raw, true as is_inventor
    from staging.partner_inventors
    union all
    select institutions.country, institutions.city as city_raw, institutions.region as region_raw, false as is_inventor
    from lake.paper_institutions as institutions
    inner join reference.partners as partners on institutions.country = partners.iso2
    cross join reference.study as study
    where institutions.country != study.focal_country
)

select
    country,
    city_raw,
    region_raw,
    count(*) filter (is_inventor) as inventor_mentions
from addresses
group by country, city_raw, region_raw
order by country, city_raw, region_raw
