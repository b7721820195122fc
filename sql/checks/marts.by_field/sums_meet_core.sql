-- A row is a scope and scheme whose fields do not sum to the scope's patents.
-- @severity error
with schemes as (
    select unnest(['paper', 'ipc_section', 'wipo35', 'wipo5']) as scheme
),

counted as (
    select
        scope,
        scheme,
        sum(patents) as patents
    from marts.by_field
    group by scope, scheme
)

select
    scopes.scope,
    schemes.scheme,
    scopes.patents as scope_patents,
    counted.patents
from core.scopes as scopes
cross join schemes
left join counted using (scope, scheme)
where coalesce(counted.patents, 0) != scopes.patents
order by scopes.scope, schemes.scheme
