-- One row per scope, instrument of cooperation, dimension and member: patents, papers and alliances side by side. An
-- instrument has rows in the scopes where it has items; there, every region of the group, every partner country that
-- any instrument has in the scope and, in the national scope, every province that any instrument has, zeros included.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column instrument | patents, papers or alliances
-- @column dimension | country, region (of the partner group) or province (national scope only)
-- @column member | code of the country or province, name of the region; unresolved: items in no known province
-- @column member_name | its name
-- @column count | whole counting: an item counts once for each of its members
-- @column items | items of the instrument in the scope
-- @column share | count / items
-- @column rank | 1 = most; ties share a rank; null for unresolved
-- @unit items of the instrument | count, items
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, instrument, dimension, member
-- @not_null share
with counted as (
    select
        scope,
        instrument,
        'country' as dimension,
        country as member,
        count(*) as items
    from core.cooperation_members
    group by scope, instrument, country
    union all
    select
        members.scope,
        members.instrument,
        'region' as dimension,
        partners.region as member,
        count(distinct members.item) as items
    from core.cooperation_members as members
    inner join reference.partners as partners on members.country = partners.iso2
    group by members.scope, members.instrument, partners.region
    union all
    select
        study.focal_country as scope,
        members.instrument,
        'province' as dimension,
        members.scope as member,
        count(distinct members.item) as items
    from core.cooperation_members as members
    cross join reference.study as study
    where members.scope != study.focal_country
    group by study.focal_country, members.instrument, members.scope
),

in_provinces as (
    select
        members.instrument,
        count(distinct members.item) as items
    from core.cooperation_members as members
    cross join reference.study as study
    where members.scope != study.focal_country
    group by members.instrument
),

compared as (
    select distinct scope, dimension, member from counted where dimension != 'region'
    union all
    select scopes.scope, 'region' as dimension, regions.region as member
    from (select distinct scope from core.cooperation_scopes where items > 0) as scopes
    cross join reference.regions as regions
),

filled as (
    select
        scopes.scope,
        scopes.instrument,
        compared.dimension,
        compared.member,
        coalesce(counted.items, 0) as count,
        scopes.items
    from core.cooperation_scopes as scopes
    inner join compared using (scope)
    left join counted
        on
            scopes.scope = counted.scope
            and scopes.instrument = counted.instrument
            and compared.dimension = counted.dimension
            and compared.member = counted.member
    where scopes.items > 0
),

ranked as (
    select
        scope,
        instrument,
        dimension,
        member,
        count,
        items,
        rank() over (partition by scope, instrument, dimension order by count desc) as rank
    from filled
    union all
    select
        scopes.scope,
        scopes.instrument,
        'province' as dimension,
        'unresolved' as member,
        scopes.items - coalesce(in_provinces.items, 0) as count,
        scopes.items,
        null as rank
    from core.cooperation_scopes as scopes
    inner join reference.study as study on scopes.scope = study.focal_country
    left join in_provinces using (instrument)
    where scopes.items > coalesce(in_provinces.items, 0)
)

select
    ranked.scope,
    ranked.instrument,
    ranked.dimension,
    ranked.member,
    coalesce(partners.name, provinces.name, ranked.member) as member_name,
    ranked.count,
    ranked.items,
    ranked.count / ranked.items as share,
    ranked.rank
from ranked
left join reference.partners as partners on ranked.dimension = 'country' and ranked.member = partners.iso2
left join reference.provinces as provinces on ranked.dimension = 'province' and ranked.member = provinces.code
order by ranked.scope, ranked.dimension, ranked.instrument, ranked.rank, ranked.member
