-- A row is a region that is no division of its partner country.
-- @severity error
select
    members.country,
    members.partner_region,
    count(*) as patents
from core.patent_partner_regions as members
left join reference.provinces as names on members.partner_region = names.code
where
    members.partner_region not in ('unresolved', 'ambiguous')
    and (names.code is null or split_part(members.partner_region, '-', 1) != members.country)
group by members.country, members.partner_region
order by members.country, members.partner_region
