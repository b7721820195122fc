-- A row is a patent whose focal inventors are not those of its cities.
-- @severity error
select
    patents.publication_number,
    patents.focal_inventors,
    sum(cities.inventors) as inventors_of_cities
from core.patents as patents
left join core.patent_cities as cities using (publication_number)
group by patents.publication_number, patents.focal_inventors
having sum(cities.inventors) is distinct from patents.focal_inventors
order by patents.publication_number
