-- A row is a scope whose years do not sum to its patents.
-- @severity error
select
    scopes.scope,
    scopes.patents,
    sum(by_year.patents) as patents_of_years
from core.scopes as scopes
left join core.scope_years as by_year using (scope)
group by scopes.scope, scopes.patents
having sum(by_year.patents) is distinct from scopes.patents
order by scopes.scope
