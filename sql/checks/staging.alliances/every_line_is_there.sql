-- A row is a line of the file of alliances that is not in the table.
-- @severity error
select
    given.line,
    given.focal_party,
    given.foreign_party
from reference.alliances as given
left join staging.alliances as alliances using (line)
where alliances.line is null
order by given.line
