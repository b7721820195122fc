-- One row per scope and year that patents are counted in: its patents, and all its publications, with a partner or
-- without.
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @column year | year of publication, or of filing in a study that counts by it
-- @column patents | patents of the scope in the year, 0 included
-- @column publications | applications in core.focal_publications: of the nation all, of a province those with an
--   inventor placed there
-- @unit calendar year | year
-- @unit patents | patents
-- @unit publications | publications
-- @unique scope, year
with patents as (
    select
        scopes.scope,
        patents.counted_year as year,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    group by scopes.scope, patents.counted_year
),

publications as (
    select
        scopes.scope,
        publications.counted_year as year,
        count(*) as publications
    from core.focal_publication_scopes as scopes
    inner join core.focal_publications as publications using (application)
    group by scopes.scope, publications.counted_year
)

select
    scopes.scope,
    years.year,
    coalesce(patents.patents, 0) as patents,
    coalesce(publications.publications, 0) as publications
from core.scopes as scopes
cross join core.years as years
left join patents using (scope, year)
left join publications using (scope, year)
order by scopes.scope, years.year
