-- One row per record of a publication that is not used, since it is in several source files, or several times in one.
-- @column publication_number | US + number + kind code
-- @column publication_date | date of publication, as in the replaced file
-- @column kept_file | file it counts from: the newest by name; of the records in one file the last counts
-- @column replaced_file | file whose record of it is not used
select
    publication_number,
    publication_date,
    kept_file,
    replaced_file
from lake.read_twice
order by publication_number, replaced_file
