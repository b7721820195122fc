-- A row is a paper without an institution of the focal country, or without one of a partner country.
-- @severity error
select
    papers.work_id,
    papers.title,
    count(*) filter (affiliations.is_focal) as focal,
    count(*) filter (affiliations.is_partner) as partner
from lake.papers as papers
left join staging.paper_affiliations as affiliations using (work_id)
group by papers.work_id, papers.title
having count(*) filter (affiliations.is_focal) = 0 or count(*) filter (affiliations.is_partner) = 0
order by papers.work_id
