-- One row per publication and inventor of the focal country (those of Hong Kong included): the province where
-- the inventor lives, as far as the printed city tells.
-- @column publication_number | publication
-- @column sequence | position among the inventors, from 1
-- @column province | ISO 3166-2 code, or ambiguous (several candidates), or unresolved (none)
-- @column city | city recognised
-- @column place_method | rule that decided
-- @column place_confidence | 0 to 1
-- @column place_candidates | every province the address may name
-- @unique publication_number, sequence
-- @not_null province
select
    mentions.publication_number,
    mentions.sequence,
    case
        when places.province is not null then places.province
        when len(places.candidates) > 1 then 'ambiguous'
        else 'unresolved'
    end as province,
    places.city,
    places.method as place_method,
    places.confidence as place_confidence,
    places.candidates as place_candidates
from staging.inventor_mentions as mentions
cross join reference.study as study
left join staging.place_resolution as places
    on
        mentions.city_raw is not distinct from places.city_raw
        and mentions.region_raw is not distinct from places.region_raw
where mentions.is_focal or mentions.country = study.focal_country
order by mentions.publication_number, mentions.sequence
