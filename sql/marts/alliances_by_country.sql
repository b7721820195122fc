-- One row per scope and partner country with technology alliances.
-- @column scope | code of the focal country or of a province
-- @column country | partner country, ISO 3166 code
-- @column country_name | its name
-- @column region | its region in the partner group
-- @column alliances | whole counting: one counts once for each of its partner countries
-- @column share | alliances / alliances of the scope
-- @column rank | 1 = most; ties share a rank
-- @unique scope, country
with counted as (
    select
        scope,
        country,
        count(*) as alliances
    from core.cooperation_members
    where instrument = 'alliances'
    group by scope, country
)

select
    counted.scope,
    counted.country,
    coalesce(partners.name, counted.country) as country_name,
    partners.region,
    counted.alliances,
    counted.alliances / scopes.items as share,
    rank() over (partition by counted.scope order by counted.alliances desc) as rank
from counted
inner join core.cooperation_scopes as scopes on counted.scope = scopes.scope and scopes.instrument = 'alliances'
left join reference.partners as partners on counted.country = partners.iso2
order by counted.scope, rank, counted.country
