-- A row is a scope whose entrants over all years are not its distinct applicants.
-- @severity error
with entrants as (
    select
        scope,
        sum(entrants) as entrants
    from marts.entrants
    group by scope
),

applicants as (
    select
        scopes.scope,
        count(distinct members.applicant) as applicants
    from core.patent_scopes as scopes
    inner join core.patent_applicants as members using (publication_number)
    group by scopes.scope
)

select
    entrants.scope,
    entrants.entrants,
    coalesce(applicants.applicants, 0) as applicants
from entrants
left join applicants using (scope)
where entrants.entrants != coalesce(applicants.applicants, 0)
order by entrants.scope
