-- A row is a scope whose patents by label are more than its patents, or whose other applications by label are more than
-- its applications less its patents.
-- @severity error
with publications as (
    select
        scope,
        count(*) as applications
    from core.focal_publication_scopes
    group by scope
),

summed as (
    select
        scope,
        sum(patents) as patents,
        sum(publications) as publications
    from core.scope_fields
    group by scope
)

select
    summed.scope,
    summed.patents,
    scopes.patents as scope_patents,
    summed.publications,
    publications.applications
from summed
left join core.scopes as scopes using (scope)
left join publications using (scope)
where
    summed.patents > coalesce(scopes.patents, 0)
    or summed.publications > coalesce(publications.applications - scopes.patents, 0)
order by summed.scope
