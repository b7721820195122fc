-- One row per publication and inventor, with the province of the focal country's inventors.
-- @column publication_number | publication
-- @column sequence | position among the inventors, from 1
-- @column last_name | as printed
-- @column first_name | as printed, middle names included
-- @column name_key | last and first name without accents, punctuation and case
-- @column city_raw | city as printed
-- @column region_raw | region as printed
-- @column country_raw | country of residence as printed, else of the address
-- @column country | country that counts, ISO 3166 code
-- @column is_focal | whether this is an inventor of the focal country
-- @column province | ISO 3166-2 code, ambiguous or unresolved; null for inventors of other countries
-- @column city | city recognised
-- @column place_method | rule that decided
-- @column place_confidence | 0 to 1
-- @column place_candidates | every province the address may name
-- @unit rank, from 1 | sequence
-- @unit index from 0 to 1 | place_confidence
-- @unique publication_number, sequence
select
    mentions.publication_number,
    mentions.sequence,
    mentions.last_name,
    mentions.first_name,
    mentions.name_key,
    mentions.city_raw,
    mentions.region_raw,
    mentions.country_raw,
    mentions.country,
    mentions.is_focal,
    case when mentions.is_focal then coalesce(places.province, 'unresolved') else places.province end as province,
    places.city,
    places.place_method,
    places.place_confidence,
    places.place_candidates
from staging.inventor_mentions as mentions
left join staging.inventor_places as places using (publication_number, sequence)
order by mentions.publication_number, mentions.sequence
