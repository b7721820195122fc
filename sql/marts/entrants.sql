-- One row per scope and year that patents are counted in: how many applicants are there for the first time. An
-- applicant is an organisation, spellings brought together; it enters a scope in the year of its first patent there.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year of publication, or of filing in a study that counts by it, years without patents included
-- @column entrants | applicants whose first patent in the scope is of the year
-- @column applicants | applicants with a patent of the scope in the year
-- @unit calendar year | year
-- @unit applicants | entrants, applicants
-- @unique scope, year
with active as (
    select distinct
        scopes.scope,
        members.applicant,
        patents.counted_year as year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    inner join core.patent_applicants as members using (publication_number)
),

entered as (
    select
        scope,
        applicant,
        year,
        year = min(year) over (partition by scope, applicant) as is_first
    from active
),

counted as (
    select
        scope,
        year,
        count(*) filter (is_first) as entrants,
        count(*) as applicants
    from entered
    group by scope, year
)

select
    scopes.scope,
    years.year,
    coalesce(counted.entrants, 0) as entrants,
    coalesce(counted.applicants, 0) as applicants
from core.scopes as scopes
cross join core.years as years
left join counted using (scope, year)
order by scopes.scope, years.year
