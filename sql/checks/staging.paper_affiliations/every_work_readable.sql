-- A row is a month, or a file of OpenAlex's snapshot, with works that could not be read.
-- @severity warn
select
    source_file,
    works,
    unreadable
from lake.paper_files
where unreadable > 0
order by source_file
