-- A row is a scope whose years do not sum to its patents, or whose last cumulative count is another.
-- @severity error
with counted as (
    select
        scope,
        sum(patents) as patents,
        arg_max(cumulative, year) as cumulative
    from marts.by_year
    group by scope
)

select
    scopes.scope,
    scopes.patents as scope_patents,
    counted.patents,
    counted.cumulative
from core.scopes as scopes
left join counted using (scope)
where counted.patents is distinct from scopes.patents or counted.cumulative is distinct from scopes.patents
order by scopes.scope
