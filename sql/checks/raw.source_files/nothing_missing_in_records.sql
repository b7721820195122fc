-- A source whose records lack something, such as an IPC symbol the application search does not give.
-- @severity warn
select
    source_file,
    file_year,
    kept,
    notes
from raw.source_files
where notes is not null
order by source_file
