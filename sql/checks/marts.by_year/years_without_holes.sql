-- A row is a scope and year that the series lacks.
-- @severity error
select
    scopes.scope,
    years.year
from core.scopes as scopes
cross join core.years as years
anti join marts.by_year as by_year on scopes.scope = by_year.scope and years.year = by_year.year
order by scopes.scope, years.year
