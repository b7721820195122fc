-- A row is a source file whose documents are not the sum of those kept, skipped and set aside.
-- @severity error
select
    source_file,
    documents,
    kept,
    skipped,
    unreadable
from raw.source_files
where documents != kept + skipped + unreadable
order by source_file
