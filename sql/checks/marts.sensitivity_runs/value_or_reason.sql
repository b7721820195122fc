-- A row is an option that has both a number and a reason why there is none, or neither.
-- @severity error
select
    scope,
    measure,
    member,
    choice,
    option,
    value,
    reason
from marts.sensitivity_runs
where (value is null) = (reason is null)
order by scope, measure, member, choice, option
