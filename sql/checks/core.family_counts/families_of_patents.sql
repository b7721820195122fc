-- A row is a member with more families than patents, or with patents and no family; of a year all patents may be of
-- families counted before.
-- @severity error
select
    scope,
    dimension,
    scheme,
    member,
    patents,
    families
from core.family_counts
where families > patents or (families < 1 and patents > 0 and dimension != 'year') or families < 0
order by scope, dimension, scheme, member
