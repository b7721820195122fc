-- A row is a number of the paper that the data do not give: the technical fields of Table 4, their sums and sections
-- (V8). Applies to a study that declares expected values, once every searched country and year of its window has
-- landed.
-- @severity error
select
    measure,
    scope,
    member,
    expected,
    upper,
    found,
    source
from marts.reproduction
where invariant = 'V8' and applies and not matches
order by measure, scope, member
