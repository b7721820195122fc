-- One row per scope and organisation with patents: who it is that invents with partner countries.
-- @column scope | code of the focal country or of a province
-- @column applicant | harmonised name of the organisation
-- @column example_name | its most frequent spelling
-- @column country | country most often printed with it, ISO 3166 code
-- @column spellings | different spellings counted together
-- @column patents | whole counting: a patent counts once for each of its organisations
-- @column fractional_patents | each patent shared equally among its organisations
-- @column share | patents / patents of the scope, those that name no organisation included
-- @column rank | 1 = most patents; ties share a rank
-- @unique scope, applicant
with counted as (
    select
        scopes.scope,
        members.applicant,
        mode(members.name order by members.name) as example_name,
        mode(members.country order by members.country) as country,
        count(distinct members.name) as spellings,
        count(*) as patents,
        sum(members.weight_fractional) as fractional_patents
    from core.patent_scopes as scopes
    inner join core.patent_applicants as members using (publication_number)
    group by scopes.scope, members.applicant
)

select
    counted.scope,
    counted.applicant,
    counted.example_name,
    counted.country,
    counted.spellings,
    counted.patents,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    rank() over (partition by counted.scope order by counted.patents desc) as rank
from counted
inner join core.scopes as scopes using (scope)
order by counted.scope, rank, counted.applicant
