-- A row is a scope whose applications with a partner inventor are not its patents: what was landed and what was found
-- as hits disagree.
-- @severity error
with patents as (
    select
        scope,
        count(*) as patents
    from core.patent_scopes
    group by scope
)

select
    scope,
    coalesce(patents.patents, 0) as patents,
    coalesce(involved.partner_inventor, 0) as partner_inventor
from patents
full outer join (
    select
        scope,
        partner_inventor
    from core.foreign_involvement
    where year is null
) as involved using (scope)
where coalesce(patents.patents, 0) != coalesce(involved.partner_inventor, 0)
order by scope
