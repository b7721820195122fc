-- A second copy of a file that is read is left out: with the same bytes it can be deleted; with other bytes its
-- publications are missing, so keep the right one of the two.
-- @severity warn
select
    source_file,
    file_year,
    reason,
    read_instead
from raw.files_left_out
where is_second_copy and reason != 'accepted loss'
order by file_year, source_file
