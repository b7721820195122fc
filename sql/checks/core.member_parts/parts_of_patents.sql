-- A row is a member that gets less than nothing, or parts of nothing.
-- @severity error
select
    scope,
    dimension,
    scheme,
    member,
    counting,
    numerator,
    denominator
from core.member_parts
where coalesce(numerator < 0 or denominator < 1, true)
order by scope, dimension, scheme, member, counting, denominator
