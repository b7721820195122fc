-- A row is a source file whose documents by set of countries are not those that were read.
-- @severity error
with counted as (
    select
        source_file,
        sum(documents) as counted
    from core.country_sets
    group by source_file
)

select
    files.source_file,
    files.documents - files.unreadable as documents_read,
    counted.counted
from lake.files as files
inner join counted using (source_file)
where files.documents - files.unreadable != counted.counted
order by files.source_file
