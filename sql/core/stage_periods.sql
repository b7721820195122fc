-- One row per stage the study declares, with the year an open last stage has reached.
-- @column position | order, from 1
-- @column stage | name
-- @column from_year | first year
-- @column to_year | last year; of an open stage the last whole year, at least its first
-- @unit rank, from 1 | position
-- @unit calendar year | from_year, to_year
-- @unique position
with last_whole as (
    select max(year) as year
    from core.years
    where is_whole
)

select
    stages.position,
    stages.stage,
    stages.from_year,
    coalesce(stages.to_year, greatest(last_whole.year, stages.from_year)) as to_year
from reference.stages as stages
cross join last_whole
order by stages.position
