-- One row per document that could not be read and was set aside.
-- @column source_file | file it is in
-- @column file_year | year of the file
-- @column document_index | position in the file, from 0
-- @column byte_offset | where it begins in the unzipped file
-- @column reason | why it could not be read
-- @column excerpt | its beginning
-- @unit calendar year | file_year
-- @unit bytes | byte_offset
-- @unique source_file, document_index
select
    source_file,
    file_year,
    document_index,
    byte_offset,
    reason,
    excerpt
from lake.quarantine
order by source_file, document_index
