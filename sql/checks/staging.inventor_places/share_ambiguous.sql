-- The row says that more than 3 % of the focal country's inventors stay ambiguous: the provinces' bounds are wide.
-- @severity warn
select
    count(*) as inventors,
    count(*) filter (province = 'ambiguous') as ambiguous,
    count(*) filter (province = 'ambiguous') / count(*) as share
from staging.inventor_places
having count(*) filter (province = 'ambiguous') > 0.03 * count(*)
