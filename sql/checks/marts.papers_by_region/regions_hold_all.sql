-- A row is a scope with fewer papers in its regions together than it has, or a region with more than the scope.
-- @severity error
with counted as (
    select
        scope,
        sum(papers) as in_regions,
        max(papers) as largest
    from marts.papers_by_region
    group by scope
)

select
    scopes.scope,
    scopes.items,
    counted.in_regions,
    counted.largest
from core.cooperation_scopes as scopes
left join counted using (scope)
where
    scopes.instrument = 'papers'
    and (coalesce(counted.in_regions, 0) < scopes.items or counted.largest > scopes.items)
order by scopes.scope
