-- A row is a searched country and year of the window that has not been landed: every number below rests on part of
-- the window.
-- @severity warn
select country, year
from lake.partitions
where not landed
order by year, country
