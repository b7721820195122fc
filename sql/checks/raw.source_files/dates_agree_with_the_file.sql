-- A file with publications dated in another year than its own; they were counted in the year of their date.
-- @severity warn
select
    source_file,
    file_year,
    outside_year
from raw.source_files
where outside_year > 0
