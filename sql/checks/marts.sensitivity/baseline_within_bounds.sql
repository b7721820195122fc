-- A row is a number outside its bounds, or one that moved although nothing is said to move it.
-- @severity error
select
    scope,
    measure,
    member,
    baseline,
    minimum,
    maximum,
    moved_most_by
from marts.sensitivity
where
    baseline not between minimum and maximum
    or (baseline is not null and (minimum < maximum) = (moved_most_by is null))
order by scope, measure, member
