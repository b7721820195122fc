-- A row is a stage of a cut chosen on the data that is tested on the same data, or a test without a p value between 0
-- and 1.
-- @severity error
select
    scope,
    method,
    position,
    ratio_to_previous,
    p_value
from marts.stages
where
    (method != 'study' and coalesce(ratio_to_previous, p_value) is not null)
    or (method = 'study' and position > 1 and coalesce(p_value not between 0 and 1 + 1e-9, true))
order by scope, method, position
