-- One row per scope, year and comparison group, empty ones included: the applications with a partner country,
-- those with other foreign inventors only and those without any. Without the other groups nothing can be said of what
-- a policy for the partner countries did.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year counted in
-- @column comparison_group | partner, other foreign only or domestic only
-- @column publications | applications of the scope, year and group; the groups sum to the scope's applications
-- @unit calendar year | year
-- @unit publications | publications
-- @unique scope, year, comparison_group
with kinds as (
    select unnest(['partner', 'other foreign only', 'domestic only']) as comparison_group
),

counted as (
    select
        scopes.scope,
        publications.counted_year as year,
        publications.comparison_group,
        count(*) as publications
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    group by scopes.scope, publications.counted_year, publications.comparison_group
)

select
    scopes.scope,
    years.year,
    kinds.comparison_group,
    coalesce(counted.publications, 0) as publications
from core.scopes as scopes
cross join core.years as years
cross join kinds
left join counted using (scope, year, comparison_group)
order by scopes.scope, years.year, kinds.comparison_group
