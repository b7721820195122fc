-- A row is a number of the paper that the data do not give: the countries of Table 1 and their sums (V4). Applies to
-- a study that declares expected values, once every searched country and year of its window has landed.
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
where invariant = 'V4' and applies and not matches
order by measure, scope, member
