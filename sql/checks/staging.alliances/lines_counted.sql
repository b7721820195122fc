-- A row is a line of the file of alliances that does not count: a duplicate, outside the window, of a country that is
-- no partner of the study, or of a focal party in Hong Kong.
-- @severity warn
select
    line,
    date,
    focal_party,
    foreign_party,
    country,
    left_out
from staging.alliances
where left_out is not null
order by line
