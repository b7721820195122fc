-- A row is a scope whose comparison groups do not sum to its applications.
-- @severity error
with compared as (
    select
        scope,
        sum(publications) as publications
    from marts.comparison
    group by scope
),

expected as (
    select
        scopes.scope,
        count(*) as publications
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    group by scopes.scope
)

select
    compared.scope,
    compared.publications,
    coalesce(expected.publications, 0) as expected
from compared
left join expected using (scope)
where compared.publications != coalesce(expected.publications, 0)
order by compared.scope
