-- A row is a scope whose years do not sum to its families, or whose families are not those of its patents.
-- @severity error
with by_year as (
    select
        scope,
        sum(families)::bigint as families
    from marts.families
    where dimension = 'year'
    group by scope
),

of_patents as (
    select
        scopes.scope,
        count(distinct patents.family_id) as families
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    group by scopes.scope
)

select
    families.scope,
    families.families,
    by_year.families as of_years,
    coalesce(of_patents.families, 0) as of_patents
from marts.families as families
left join by_year using (scope)
left join of_patents using (scope)
where
    families.dimension = 'scope'
    and (
        families.families is distinct from by_year.families
        or families.families != coalesce(of_patents.families, 0)
    )
order by families.scope
