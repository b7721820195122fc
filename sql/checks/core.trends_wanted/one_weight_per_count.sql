-- A row is a series that has not as many weights as counts.
-- @severity error
select
    counts,
    weights
from core.trends_wanted
where len(counts) != len(weights)
order by counts, weights
