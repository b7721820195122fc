-- A row is a patent and scope that the study has and the baseline has not, or the other way round.
-- @severity error
with baseline as (
    select
        scope,
        publication_number
    from core.option_scopes
    where choice = 'none'
)

select
    coalesce(baseline.scope, scopes.scope) as scope,
    coalesce(baseline.publication_number, scopes.publication_number) as publication_number
from baseline
full join core.patent_scopes as scopes using (scope, publication_number)
where baseline.scope is null or scopes.scope is null
order by scope, publication_number
