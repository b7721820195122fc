-- One row per scope and year of the window, years without co-published papers included; empty in a study that has no
-- papers.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year
-- @column papers | papers of the year
-- @column cumulative | papers up to the year
-- @unit calendar year | year
-- @unit papers | papers, cumulative
-- @unique scope, year
with counted as (
    select
        scope,
        year,
        count(distinct item) as items
    from core.cooperation_members
    where instrument = 'papers'
    group by scope, year
)

select
    scopes.scope,
    years.year,
    coalesce(counted.items, 0) as papers,
    sum(coalesce(counted.items, 0)) over (partition by scopes.scope order by years.year)::bigint as cumulative
from core.cooperation_scopes as scopes
cross join reference.years as years
left join counted on scopes.scope = counted.scope and years.year = counted.year
where scopes.instrument = 'papers'
order by scopes.scope, years.year
