-- The row is a summary whose numbers do not meet each other or the tables they count.
-- @severity error
select
    hits,
    duplicates,
    patents,
    countries_listed,
    countries_searched,
    countries_with_patents
from marts.summary
where
    hits - duplicates != patents
    or patents != (select count(*) from core.patents)
    or countries_with_patents > countries_searched
    or countries_searched > countries_listed
