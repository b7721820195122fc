-- A member of a scope in one instrument of cooperation: its items, and all of the scope.
-- @names member = member_name
-- @default dimension = country
-- @shows count
with all_items as (
    select distinct item
    from core.cooperation_members
    where instrument = $instrument and scope = $scope
),

in_provinces as (
    select distinct members.item
    from core.cooperation_members as members
    cross join reference.study as study
    where members.instrument = $instrument and members.scope != study.focal_country
),

members as (
    select distinct members.item
    from core.cooperation_members as members
    left join reference.partners as partners on members.country = partners.iso2
    where
        members.instrument = $instrument
        and case $dimension
            when 'country' then members.scope = $scope and members.country = $member
            when 'region' then members.scope = $scope and partners.region = $member
            else members.scope = $member
        end
    union all
    select item
    from all_items
    where $dimension = 'province' and $member = 'unresolved' and item not in (select item from in_provinces)
),

described as (
    select
        members.item,
        coalesce(patents.publication_date::varchar, papers.publication_date::varchar, alliances.date::varchar) as dated,
        coalesce(patents.title, papers.title, alliances.focal_party || ' - ' || alliances.foreign_party) as title,
        coalesce(papers.source_file, alliances.source) as source
    from members
    left join core.patents as patents on $instrument = 'patents' and members.item = patents.publication_number
    left join staging.papers as papers on $instrument = 'papers' and members.item = papers.work_id
    left join staging.alliances as alliances on $instrument = 'alliances' and members.item = alliances.line::varchar
),

named as (
    select iso2 as code, name
    from reference.partners
    where $dimension = 'country' and iso2 = $member
    union all
    select code, name
    from reference.provinces
    where $dimension = 'province' and code = $member
),

larger as (
    select member, count
    from marts.cooperation_profile
    where
        scope = $scope
        and instrument = $instrument
        and dimension = $dimension
        and rank is not null
        and count > $count
),

numbers as (
    select
        (select count(*) from described) as items_of_the_member,
        (select count(*) from all_items) as items,
        (select any_value(name) from named) as name,
        (select count(*) from larger) as larger_members
)

select
    coalesce(name, $member) as member_name,
    items_of_the_member as count,
    items,
    items_of_the_member / items as share,
    if($dimension = 'province' and $member = 'unresolved', null, larger_members + 1) as rank
from numbers
