-- A row is a source file that could not be read to its end.
-- @severity error
select
    source_file,
    file_year,
    problem
from lake.files
where problem is not null
order by source_file
