-- One row per scope and year of the window, years without technology alliances included; empty in a study that has no
-- alliances.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year
-- @column alliances | alliances of the year
-- @column cumulative | alliances up to the year
-- @unit calendar year | year
-- @unit alliances | alliances, cumulative
-- @unique scope, year
with counted as (
    select
        scope,
        year,
        count(distinct item) as items
    from core.cooperation_members
    where instrument = 'alliances'
    group by scope, year
)

select
    scopes.scope,
    years.year,
    coalesce(counted.items, 0) as alliances,
    sum(coalesce(counted.items, 0)) over (partition by scopes.scope order by years.year)::bigint as cumulative
from core.cooperation_scopes as scopes
cross join reference.years as years
left join counted on scopes.scope = counted.scope and years.year = counted.year
where scopes.instrument = 'alliances'
order by scopes.scope, years.year
