-- A row is a scope that lacks a region of the group, or whose fractions do not sum to its patents.
-- @severity error
with counted as (
    select
        scope,
        count(*) as regions,
        sum(fractional_patents) as fractional_patents
    from marts.by_region
    group by scope
)

select
    scopes.scope,
    scopes.patents,
    counted.regions,
    counted.fractional_patents
from core.scopes as scopes
left join counted using (scope)
where
    counted.regions is distinct from (select count(*) from reference.regions)
    or abs(counted.fractional_patents - scopes.patents) > 1e-6
order by scopes.scope
