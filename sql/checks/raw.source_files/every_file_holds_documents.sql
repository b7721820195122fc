-- A source file in which no document of the study was found: it is empty, or of another product (grants in a study of
-- publications, whose documents are counted apart).
-- @severity warn
select
    source_file,
    file_year,
    size_bytes,
    other_documents
from raw.source_files
where
    documents = 0
    and problem is null
    and size_bytes > 0
    and source_file not like 'PatentsView pre-grant tables %'
order by source_file
