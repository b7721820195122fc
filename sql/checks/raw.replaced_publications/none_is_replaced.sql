-- A publication that is in several source files; the record in the newest file by name counts.
-- @severity warn
select
    publication_number,
    kept_file,
    replaced_file
from raw.replaced_publications
order by publication_number, replaced_file
