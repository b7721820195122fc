-- One row per distinct pair of city and region as printed, over the focal country's inventors (those of Hong
-- Kong included) and applicants: the strings that staging.place_resolution has to resolve.
-- @column city_raw | city as printed; null if none
-- @column region_raw | region as printed; null if none
-- @column inventor_mentions | inventors printed with it
-- @column applicant_mentions | applicants printed with it
-- @unique city_raw, region_raw
with inventor_addresses as (
    select
        entry.inventor.country as country,
        entry.inventor.city_raw as city_raw,
        entry.inventor.region_raw as region_raw,
        true as is_inventor
    from staging.publications as publications, unnest(publications.inventors) as entry (inventor)
),

applicant_addresses as (
    select
        entry.applicant.country as country,
        entry.applicant.city_raw as city_raw,
        null::varchar as region_raw,
        false as is_inventor
    from staging.publications as publications, unnest(publications.applicants) as entry (applicant)
),

addresses as (
    select * from inventor_addresses
    union all
    select * from applicant_addresses
)

select
    addresses.city_raw,
    addresses.region_raw,
    count(*) filter (addresses.is_inventor) as inventor_mentions,
    count(*) filter (not addresses.is_inventor) as applicant_mentions
from addresses
cross join reference.study as study
where
    addresses.country = study.focal_country
    or (study.hong_kong_as_cn and addresses.country = 'HK')
group by addresses.city_raw, addresses.region_raw
order by addresses.city_raw, addresses.region_raw
