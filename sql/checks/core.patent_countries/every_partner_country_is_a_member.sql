-- A row is a patent with an inventor of a searched country, landed for its year, that it was not found for.
-- @severity error
select distinct
    patents.publication_number,
    inventors.country
from core.patents as patents
inner join staging.inventors as inventors using (publication_number)
inner join lake.partitions as partitions
    on inventors.country = partitions.country and patents.year = partitions.year and partitions.landed
anti join core.patent_countries as members
    on patents.publication_number = members.publication_number and inventors.country = members.country
order by patents.publication_number, inventors.country
