-- A file of the archive that is a second copy of one that is read; it is left out and can be deleted.
-- @severity warn
select
    source_file,
    file_year,
    reason,
    read_instead
from raw.files_left_out
where is_second_copy and reason != 'accepted loss'
order by file_year, source_file
