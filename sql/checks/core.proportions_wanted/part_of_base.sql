-- A row is a count that is larger than its base.
-- @severity error
select
    part,
    base
from core.proportions_wanted
where part not between 0 and base
order by part, base
