-- A row is a share below 0 or above 1.
-- @severity error
select
    part,
    whole
from core.shares_wanted
where part < 0 or part > whole or whole < 1
order by whole, part
