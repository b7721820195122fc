-- A row is a member with patents below zero, or more than there are.
-- @severity error
select
    scope,
    dimension,
    member,
    counting,
    patents
from core.member_counts
where patents < 0 or patents > (select count(*) from core.patents) + 1e-9
order by scope, dimension, member, counting
