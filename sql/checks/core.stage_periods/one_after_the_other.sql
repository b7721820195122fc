-- A row is a stage that does not begin in the year after the one before it, or ends before it begins.
-- @severity error
with followed as (
    select
        position,
        from_year,
        to_year,
        lag(to_year) over (order by position) as previous_year
    from core.stage_periods
)

select
    position,
    from_year,
    to_year,
    previous_year
from followed
where to_year < from_year or coalesce(from_year != previous_year + 1, false)
order by position
