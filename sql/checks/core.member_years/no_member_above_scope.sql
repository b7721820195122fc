-- A row is a member with more patents in a year than its scope has, or a year the scope has no patents in.
-- @severity error
with by_year as (
    select
        scopes.scope,
        patents.counted_year as year,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    group by scopes.scope, patents.counted_year
)

select
    members.scope,
    members.dimension,
    members.scheme,
    members.member,
    members.year,
    members.patents,
    by_year.patents as scope_patents
from core.member_years as members
left join by_year using (scope, year)
where coalesce(members.patents > by_year.patents, true)
order by members.scope, members.dimension, members.scheme, members.member, members.year
