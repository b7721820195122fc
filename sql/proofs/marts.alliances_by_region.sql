-- A region of the partner group in a scope: its alliances.
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
    where region = $region
    order by line
),

all_items as (
    select distinct on (line) *
    from scope_items
    order by line
),

larger as (
    select region, alliances
    from marts.alliances_by_region
    where scope = $scope and alliances > $alliances
),


numbers as (
    select
        (select count(*) from members) as alliances,
        (select count(distinct country) from scope_items where region = $region) as countries,
        (select count(*) from all_items) as scope_alliances,
        (select count(*) from larger) as larger_members
)

select
    countries as countries_with_alliances,
    alliances,
    alliances / nullif(scope_alliances, 0) as share,
    larger_members + 1 as rank
from numbers
