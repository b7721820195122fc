-- A row is a scope whose rank correlation is outside -1 to 1, or that shares more fields than it has.
-- @severity error
select
    scope,
    fields,
    first_nine_shared,
    rank_correlation
from marts.field_likeness
where rank_correlation not between -1 - 1e-9 and 1 + 1e-9 or first_nine_shared > least(9, fields)
order by scope
