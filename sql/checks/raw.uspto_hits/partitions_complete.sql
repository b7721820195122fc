-- A row is a country and year whose rows in the lake are not as many as were written when it landed.
-- @severity error
select
    partitions.country,
    partitions.year,
    partitions.hits as hits_written,
    count(hits.publication_number) as hits_found
from lake.partitions as partitions
left join lake.hits as hits using (country, year)
where partitions.landed
group by partitions.country, partitions.year, partitions.hits
having count(hits.publication_number) != partitions.hits
order by partitions.year, partitions.country
