-- A source file that holds fewer documents than a file of its name did before: it was cut or replaced; of tables and of
-- the application search, a year with fewer than an earlier release or day gave. Download it again or put the old one
-- back, or ask again another day; if it is right as it is, accept the loss with bri run --accept-loss.
-- @severity error
select
    source_file,
    file_year,
    documents,
    documents_before
from raw.source_files
where documents < documents_before and problem is null
order by source_file
