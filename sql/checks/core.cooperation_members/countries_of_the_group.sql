-- A row is a member that is no country of the partner group.
-- @severity error
select
    members.instrument,
    members.country,
    count(*) as items
from core.cooperation_members as members
left join reference.partners as partners on members.country = partners.iso2
where partners.iso2 is null
group by members.instrument, members.country
order by members.instrument, members.country
