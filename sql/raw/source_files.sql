-- One row per source file of the window's years, with what reading it found.
-- @column source_file | name of the file in the archive
-- @column path | the same, as a path below the study's folder of source files
-- @column file_year | year it was published in, by its name
-- @column size_bytes | size of the file
-- @column sha256 | digest of the file
-- @column documents | documents of the study's type seen: kept + skipped + unreadable
-- @column kept | with an inventor of the focal country
-- @column skipped | without one
-- @column other_documents | documents of another type, such as sequence listings
-- @column unreadable | documents set aside because they could not be read
-- @column kinds_not_counted | kept publications of a kind the study does not count, such as plants
-- @column outside_year | kept publications whose own date is in another year than the file's
-- @column documents_before | most documents a file of this name held before its bytes changed; null if they did not
-- @column notes | how many kept publications a peculiarity of the source concerns, and which; null if none
-- @column problem | why the file as a whole could not be read, and what to do; null if it could
-- @column landed_at | when it was read
-- @unit calendar year | file_year
-- @unit bytes | size_bytes
-- @unit documents | documents, other_documents, unreadable, documents_before
-- @unit publications | kept, skipped, kinds_not_counted, outside_year
-- @unique source_file
-- @not_null documents
select
    source_file,
    source_file as path,
    file_year,
    size_bytes,
    sha256,
    documents,
    kept,
    skipped,
    other_documents,
    unreadable,
    kinds_not_counted,
    outside_year,
    documents_before,
    notes,
    problem,
    landed_at
from lake.files
order by source_file
