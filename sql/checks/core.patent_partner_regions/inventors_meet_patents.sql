-- A row is a patent whose inventors of partner countries are not those of its regions.
-- @severity error
select
    patents.publication_number,
    patents.partner_inventors,
    sum(members.inventors) as inventors_of_regions
from core.patents as patents
left join core.patent_partner_regions as members using (publication_number)
group by patents.publication_number, patents.partner_inventors
having sum(members.inventors) is distinct from patents.partner_inventors
order by patents.publication_number
