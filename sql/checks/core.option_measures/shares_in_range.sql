-- A row is a share that is not between 0 and 1, or a rank below 1.
-- @severity error
select
    choice,
    option,
    scope,
    measure,
    member,
    value
from core.option_measures
where
    (measure like '%share%' and value not between 0 and 1)
    or (measure like '%rank' and value < 1)
    or (measure = 'hhi' and value not between 0 and 1.000001)
order by choice, option, scope, measure, member
