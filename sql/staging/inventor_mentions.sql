-- One row per publication and inventor as printed, with whether the inventor counts for the focal country.
-- An inventor under CN whose address says Hong Kong counts only in a study that takes Hong Kong as CN; there the
-- code HK counts, too.
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
-- @unit rank, from 1 | sequence
-- @unique publication_number, sequence
with inventors as (
    select
        publication_number,
        unnest(inventors) as inventor
    from staging.publications
)

select
    inventors.publication_number,
    inventors.inventor.sequence as sequence,
    inventors.inventor.last_name as last_name,
    inventors.inventor.first_name as first_name,
    trim(regexp_replace(
        lower(strip_accents(concat_ws(' ', inventors.inventor.last_name, inventors.inventor.first_name))),
        '[^\p{L}]+',
        ' ',
        'g'
    )) as name_key,
    inventors.inventor.city_raw as city_raw,
    inventors.inventor.region_raw as region_raw,
    coalesce(inventors.inventor.residence_country, inventors.inventor.address_country) as country_raw,
    inventors.inventor.country as country,
    coalesce(
        (
            inventors.inventor.country = study.focal_country
            and (study.hong_kong_as_cn or places.province is distinct from 'CN-HK')
        )
        or (inventors.inventor.country = 'HK' and study.focal_country = 'CN' and study.hong_kong_as_cn),
        false
    ) as is_focal
from inventors
cross join reference.study as study
left join staging.place_resolution as places
    on
        inventors.inventor.city_raw is not distinct from places.city_raw
        and inventors.inventor.region_raw is not distinct from places.region_raw
order by inventors.publication_number, sequence
