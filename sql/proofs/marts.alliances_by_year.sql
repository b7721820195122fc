-- A year of a scope: its alliances, and those up to it.
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
    where year <= $year
    order by line
),

numbers as (
    select
        (select count(*) from members where year = $year) as alliances,
        (select count(*) from members) as alliances_up_to_the_year
)

select
    alliances,
    alliances_up_to_the_year as cumulative
from numbers
