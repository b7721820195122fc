-- One row per publication that was kept from several source files and file whose record of it is not used.
-- @column publication_number | US + number + kind code
-- @column publication_date | date of publication, as in the replaced file
-- @column kept_file | file it counts from: the newest by name
-- @column replaced_file | file whose record of it is not used
select
    publication_number,
    publication_date,
    kept_file,
    replaced_file
from lake.read_twice
order by publication_number, replaced_file
