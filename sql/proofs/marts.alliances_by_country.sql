-- A partner country of a scope: its alliances.
-- @names country = country_name
-- @shows alliances
with scope_items as (
    select
        alliances.line,
        alliances.date,
        alliances.focal_party,
        alliances.place,
        alliances.province,
        alliances.foreign_party,
        members.country,
        members.year,
        partners.region,
        alliances.kind,
        alliances.source
    from core.cooperation_members as members
    inner join staging.alliances as alliances on members.item = alliances.line::varchar
    left join reference.partners as partners on members.country = partners.iso2
    where members.instrument = 'alliances' and members.scope = $scope
),

members as (
    select distinct on (line) *
    from scope_items
    where country = $country
    order by line
),

all_items as (
    select distinct on (line) *
    from scope_items
    order by line
),

partner as (
    select iso2, name, region
    from reference.partners
    where iso2 = $country
),

larger as (
    select country, alliances
    from marts.alliances_by_country
    where scope = $scope and alliances > $alliances
),


numbers as (
    select
        (select count(*) from members) as alliances,
        (select count(*) from all_items) as scope_alliances,
        (select any_value(name) from partner) as name,
        (select any_value(region) from partner) as region,
        (select count(*) from larger) as larger_members
)

select
    coalesce(name, $country) as country_name,
    region,
    alliances,
    alliances / scope_alliances as share,
    larger_members + 1 as rank
from numbers
