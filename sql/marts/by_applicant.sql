-- One row per scope and organisation with patents: who it is that invents with partner countries.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column applicant | harmonised name of the organisation
-- @column example_name | its most frequent spelling
-- @column country | country most often printed with it, ISO 3166 code
-- @column spellings | different spellings counted together
-- @column patents | whole counting: a patent counts once for each of its organisations
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @column fractional_patents | counting fractional of marts.counts: each patent shared equally among its
--   organisations; with the patents of none stated it sums to the patents of the scope
-- @column share | patents / patents of the scope, those that name no organisation included
-- @column rank | 1 = most patents; ties share a rank
-- @unit spellings | spellings
-- @unit patents | patents, low, high, fractional_patents
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, applicant
with counted as (
    select
        scopes.scope,
        members.applicant,
        mode(members.name order by members.name) as example_name,
        mode(members.country order by members.country) as country,
        count(distinct members.name) as spellings,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patent_applicants as members using (publication_number)
    group by scopes.scope, members.applicant
),

fractions as (
    select
        scope,
        member as applicant,
        max(low) filter (counting = 'whole') as low,
        max(high) filter (counting = 'whole') as high,
        max(patents) filter (counting = 'fractional') as patents
    from marts.counts
    where dimension = 'applicant'
    group by scope, member
)

select
    counted.scope,
    counted.applicant,
    counted.example_name,
    counted.country,
    counted.spellings,
    counted.patents,
    fractions.low,
    fractions.high,
    fractions.patents as fractional_patents,
    counted.patents / scopes.patents as share,
    rank() over (partition by counted.scope order by counted.patents desc) as rank
from counted
inner join core.scopes as scopes using (scope)
inner join fractions using (scope, applicant)
order by counted.scope, rank, counted.applicant
