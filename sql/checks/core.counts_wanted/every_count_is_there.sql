-- A row is a yearly count of a scope that no interval is wanted of.
-- @severity error
select distinct by_year.patents
from core.scope_years as by_year
anti join core.counts_wanted as wanted on by_year.patents = wanted.patents
order by by_year.patents
