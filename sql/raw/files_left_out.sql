-- One row per file of the archive that is not read, and why.
-- @column source_file | name of the file in the archive
-- @column file_year | year it belongs to, by its name
-- @column size_bytes | size of the file; 0 if it never came
-- @column sha256 | digest of the file; null if it never came
-- @column reason | same bytes as a file that is read, second copy with other bytes, other form of the week, accepted
--   loss, cannot be opened (packed in a form that is not read, unfinished, a link to nothing), no source file
-- @column read_instead | file that is read instead; null where there is none
-- @column problem | why it cannot be opened, and what to do; null for the others
-- @column is_second_copy | whether a file with the same bytes, or of the same name but for the mark of a copy, is read
-- @unit calendar year | file_year
-- @unit bytes | size_bytes
-- @unique source_file, file_year
select
    source_file,
    file_year,
    size_bytes,
    sha256,
    reason,
    read_instead,
    problem,
    reason in ('same bytes', 'second copy with other bytes') as is_second_copy
from lake.left_out
order by file_year, source_file
