-- A row is a document that could not be read and was set aside; it may hold a hit.
-- @severity warn
select
    source_file,
    document_index,
    byte_offset,
    reason,
    excerpt
from lake.quarantine
order by source_file, document_index
