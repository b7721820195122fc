-- A row is a country of the table that the partner group does not list, so that it has no region.
-- @severity warn
select distinct
    country,
    country_name
from marts.by_country
where region is null
order by country
