-- A file beside those of OpenAlex's snapshot that cannot be opened, or one that the snapshot's manifest lists and that
-- is not there: its papers are missing from every number. The column says what to do.
-- @severity warn
select
    source_file,
    problem
from lake.paper_files
where problem is not null
order by source_file
