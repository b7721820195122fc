-- One row per searched country and year of the window: whether it has landed, and with how many hits.
-- @column country | partner country searched, ISO 3166 code
-- @column year | year of publication
-- @column landed | whether every file of the year was read for the country
-- @column hits | hits landed; null where it has not landed
-- @unique country, year
-- @not_null landed
select
    country,
    year,
    landed,
    hits
from lake.partitions
order by country, year
