-- A row is a scope whose years do not sum to its alliances.
-- @severity error
with counted as (
    select scope, sum(alliances) as alliances
    from marts.alliances_by_year
    group by scope
)

select
    scopes.scope,
    scopes.items,
    counted.alliances
from core.cooperation_scopes as scopes
left join counted using (scope)
where scopes.instrument = 'alliances' and coalesce(counted.alliances, 0) != scopes.items
order by scopes.scope
