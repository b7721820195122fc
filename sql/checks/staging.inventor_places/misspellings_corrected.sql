-- A row is a string that only fuzzy matching could place, with the inventors behind it. Enter the ten or so that
-- weigh most in data/reference/place_overrides.csv once a person has looked; warns above 1 % of the inventors.
-- @severity warn
with fuzzy as (
    select
        mentions.city_raw,
        mentions.region_raw,
        places.province,
        count(*) as inventors
    from staging.inventor_places as places
    inner join staging.inventor_mentions as mentions using (publication_number, sequence)
    where places.place_method = 'fuzzy'
    group by mentions.city_raw, mentions.region_raw, places.province
)

select
    city_raw,
    region_raw,
    province,
    inventors
from fuzzy
where (select sum(inventors) from fuzzy) > 0.01 * (select count(*) from staging.inventor_places)
order by inventors desc, city_raw, region_raw
