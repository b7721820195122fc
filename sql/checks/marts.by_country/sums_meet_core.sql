-- A row is a scope whose countries do not sum to its memberships, or whose fractions do not sum to its patents.
-- @severity error
with counted as (
    select
        scope,
        sum(patents) as patents,
        sum(fractional_patents) as fractional_patents
    from marts.by_country
    group by scope
),

memberships as (
    select
        scopes.scope,
        count(*) as memberships
    from core.patent_scopes as scopes
    inner join core.patent_countries as members using (publication_number)
    group by scopes.scope
)

select
    scopes.scope,
    scopes.patents as scope_patents,
    memberships.memberships,
    counted.patents,
    counted.fractional_patents
from core.scopes as scopes
left join memberships using (scope)
left join counted using (scope)
where
    scopes.patents > 0
    and (
        counted.patents is distinct from memberships.memberships
        or abs(coalesce(counted.fractional_patents, 0) - scopes.patents) > 1e-6
    )
order by scopes.scope
