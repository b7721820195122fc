-- A row is a measure that is infinite or not a number.
-- @severity error
select
    measure,
    scope,
    member,
    value
from marts.measures
where not isfinite(value)
order by measure, scope, member
