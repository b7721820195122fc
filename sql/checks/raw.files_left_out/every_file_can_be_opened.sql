-- A file of the archive that may hold publications and cannot be opened (packed in a form that is not read, an
-- unfinished download, a link to nothing): what it holds is missing from every number. The column says what to do.
-- @severity warn
select
    source_file,
    file_year,
    problem
from raw.files_left_out
where reason = 'cannot be opened' and read_instead is null
order by file_year, source_file
