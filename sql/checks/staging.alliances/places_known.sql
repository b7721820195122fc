-- A row is an alliance whose place names no province, or several; it counts for the nation only.
-- @severity warn
select
    line,
    focal_party,
    place,
    province
from staging.alliances
where left_out is null and province in ('unresolved', 'ambiguous')
order by line
