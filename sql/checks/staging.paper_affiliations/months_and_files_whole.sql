-- A row is a month, or a file of OpenAlex's snapshot, that was not read to its end.
-- @severity error
select
    source_file,
    works,
    kept
from lake.paper_files
where not is_whole
order by source_file
