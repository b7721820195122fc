-- A row is a partner country with twenty patents or more of whose inventors more than a fifth name no region of it
-- alone.
-- @severity warn
select
    country,
    coalesce(sum(inventors) filter (partner_region in ('unresolved', 'ambiguous')), 0) as not_placed,
    sum(inventors) as inventors
from core.patent_partner_regions
group by country
having count(distinct publication_number) >= 20 and not_placed > 0.2 * sum(inventors)
order by country
