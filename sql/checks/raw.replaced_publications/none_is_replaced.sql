-- A publication that is in several source files, or several times in one; the record in the newest file by name counts,
-- and of those in one file the last.
-- @severity warn
select
    publication_number,
    kept_file,
    replaced_file
from raw.replaced_publications
order by publication_number, replaced_file
