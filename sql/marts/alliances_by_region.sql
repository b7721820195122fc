-- One row per scope and region of the partner group, those without technology alliances included; empty in a study that
-- has no alliances.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column region | region of the partner group
-- @column countries_with_alliances | countries of the region with alliances of the scope
-- @column alliances | whole counting: one counts once for each region of its partner countries
-- @column share | alliances / alliances of the scope; null in a scope without any
-- @column rank | 1 = most; ties share a rank
-- @unit countries | countries_with_alliances
-- @unit alliances | alliances
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, region
with counted as (
    select
        members.scope,
        partners.region,
        count(distinct members.country) as countries,
        count(distinct members.item) as items
    from core.cooperation_members as members
    inner join reference.partners as partners on members.country = partners.iso2
    where members.instrument = 'alliances'
    group by members.scope, partners.region
)

select
    scopes.scope,
    regions.region,
    coalesce(counted.countries, 0) as countries_with_alliances,
    coalesce(counted.items, 0) as alliances,
    coalesce(counted.items, 0) / nullif(scopes.items, 0) as share,
    rank() over (partition by scopes.scope order by coalesce(counted.items, 0) desc) as rank
from core.cooperation_scopes as scopes
cross join reference.regions as regions
left join counted on scopes.scope = counted.scope and regions.region = counted.region
where scopes.instrument = 'alliances'
order by scopes.scope, rank, regions.position
