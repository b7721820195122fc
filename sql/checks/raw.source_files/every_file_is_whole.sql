-- A source file that could not be read at all: its publications are missing from every number.
-- @severity error
select
    source_file,
    file_year,
    problem
from raw.source_files
where problem is not null
