-- A row is a scope and year whose count is outside its interval, or has none.
-- @severity error
select
    scope,
    year,
    patents,
    low,
    high
from marts.by_year
where coalesce(patents not between low and high, true)
order by scope, year
