-- A row is a year that counts as landed although no document of it was read: its zeros mean nothing.
-- @severity warn
with read_years as (
    select file_year as year
    from lake.files
    group by file_year
    having sum(documents) > 0
)

select distinct partitions.year
from lake.partitions as partitions
anti join read_years using (year)
where partitions.landed
order by partitions.year
