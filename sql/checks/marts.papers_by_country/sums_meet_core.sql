-- A row is a scope whose countries do not sum to its memberships.
-- @severity error
with counted as (
    select scope, sum(papers) as papers
    from marts.papers_by_country
    group by scope
),

memberships as (
    select scope, count(*) as memberships
    from core.cooperation_members
    where instrument = 'papers'
    group by scope
)

select
    memberships.scope,
    memberships.memberships,
    counted.papers
from memberships
full join counted using (scope)
where memberships.memberships is distinct from counted.papers
order by memberships.scope
