-- A row is a scope whose countries do not sum to its memberships.
-- @severity error
with counted as (
    select scope, sum(alliances) as alliances
    from marts.alliances_by_country
    group by scope
),

memberships as (
    select scope, count(*) as memberships
    from core.cooperation_members
    where instrument = 'alliances'
    group by scope
)

select
    memberships.scope,
    memberships.memberships,
    counted.alliances
from memberships
full join counted using (scope)
where memberships.memberships is distinct from counted.alliances
order by memberships.scope
