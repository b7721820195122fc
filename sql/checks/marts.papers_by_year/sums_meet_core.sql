-- A row is a scope whose years do not sum to its papers.
-- @severity error
with counted as (
    select scope, sum(papers) as papers
    from marts.papers_by_year
    group by scope
)

select
    scopes.scope,
    scopes.items,
    counted.papers
from core.cooperation_scopes as scopes
left join counted using (scope)
where scopes.instrument = 'papers' and coalesce(counted.papers, 0) != scopes.items
order by scopes.scope
