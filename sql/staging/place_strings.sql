-- One row per distinct pair of city and region as printed, over the focal country's inventors (those of Hong
-- Kong included) and applicants: the strings that staging.place_resolution has to resolve. Those of publications that
-- are no hits are there as well, without mentions: the publications of a province are counted by them; so are those
-- of the parties of alliances and of the institutions of papers.
-- @column city_raw | city as printed; null if none
-- @column region_raw | region as printed; null if none
-- @column inventor_mentions | inventors of hits printed with it
-- @column applicant_mentions | applicants of hits printed with it
-- @unit inventors | inventor_mentions
-- @unit applicants | applicant_mentions
-- @unique city_raw, region_raw
with inventor_addresses as (
    select
        entry.inventor.country as country,
        entry.inventor.city_raw as city_raw,
        entry.inventor.region_raw as region_raw,
        true as is_inventor,
        true as is_mention
    from staging.publications as publications, unnest(publications.inventors) as entry (inventor)
),

applicant_addresses as (
    select
        entry.applicant.country as country,
        entry.applicant.city_raw as city_raw,
        null::varchar as region_raw,
        false as is_inventor,
        true as is_mention
    from staging.publications as publications, unnest(publications.applicants) as entry (applicant)
),

landed_addresses as (
    select distinct
        entry.inventor.country as country,
        entry.inventor.city_raw as city_raw,
        entry.inventor.region_raw as region_raw,
        true as is_inventor,
        false as is_mention
    from lake.publications as publications, unnest(publications.inventors) as entry (inventor)
),

-- parties of alliances and institutions of papers: no inventors of patents, and counted elsewhere
other_addresses as (
    select
        study.focal_country as country,
        alliances.city_raw,
        alliances.region_raw,
        true as is_inventor,
        false as is_mention
    from reference.alliances as alliances
    cross join reference.study as study
    union all
    select
        country,
        city as city_raw,
        region as region_raw,
        true as is_inventor,
        false as is_mention
    from lake.paper_institutions
),

addresses as (
    select * from inventor_addresses
    union all
    select * from applicant_addresses
    union all
    select * from landed_addresses
    union all
    select * from other_addresses
)

select
    addresses.city_raw,
    addresses.region_raw,
    count(*) filter (addresses.is_inventor and addresses.is_mention) as inventor_mentions,
    count(*) filter (not addresses.is_inventor) as applicant_mentions
from addresses
cross join reference.study as study
where
    addresses.country = study.focal_country
    or (addresses.country = 'HK' and study.focal_country = 'CN' and study.hong_kong_as_cn)
group by addresses.city_raw, addresses.region_raw
order by addresses.city_raw, addresses.region_raw
