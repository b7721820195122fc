-- One row per publication and inventor of a partner country it was found for, with the address as printed.
-- @column publication_number | publication
-- @column sequence | position among the inventors, from 1
-- @column country | partner country, ISO 3166 code
-- @column city_raw | city as printed; null if none, or if the address is in another country
-- @column region_raw | region as printed; null if none, or if the address is in another country
-- @column is_elsewhere | whether the address is in another country than the residence that counts: its city is none of
--   this country
-- @unique publication_number, sequence
with printed as (
    select
        publications.publication_number,
        entry.inventor.sequence as sequence,
        nullif(trim(entry.inventor.city_raw), '') as city_raw,
        nullif(trim(entry.inventor.region_raw), '') as region_raw,
        coalesce(entry.inventor.residence_country != entry.inventor.address_country, false) as is_elsewhere
    from staging.publications as publications, unnest(publications.inventors) as entry (inventor)
)

select
    mentions.publication_number,
    mentions.sequence,
    mentions.country,
    case when not printed.is_elsewhere then printed.city_raw end as city_raw,
    case when not printed.is_elsewhere then printed.region_raw end as region_raw,
    printed.is_elsewhere
from staging.inventor_mentions as mentions
inner join printed using (publication_number, sequence)
inner join raw.uspto_hits as hits
    on mentions.publication_number = hits.publication_number and mentions.country = hits.country
where not mentions.is_focal
order by mentions.publication_number, mentions.sequence
