-- A row is a scope whose organisations do not sum to its memberships, or whose fractions do not sum to its patents
-- that name an organisation.
-- @severity error
with counted as (
    select
        scope,
        sum(patents) as patents,
        sum(fractional_patents) as fractional_patents
    from marts.by_applicant
    group by scope
),

memberships as (
    select
        scopes.scope,
        count(*) as memberships,
        count(distinct members.publication_number) as patents
    from core.patent_scopes as scopes
    inner join core.patent_applicants as members using (publication_number)
    group by scopes.scope
)

select
    memberships.scope,
    memberships.memberships,
    memberships.patents as patents_with_applicant,
    counted.patents,
    counted.fractional_patents
from memberships
left join counted using (scope)
where
    counted.patents is distinct from memberships.memberships
    or abs(counted.fractional_patents - memberships.patents) > 1e-6
order by memberships.scope
