-- A file whose loss was accepted (bri run --accept-loss): what it held is missing from every number.
-- @severity warn
select
    source_file,
    file_year
from raw.files_left_out
where reason = 'accepted loss'
order by file_year, source_file
