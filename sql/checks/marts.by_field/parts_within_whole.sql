-- A row is a field with more primary or fractional patents than patents of the field.
-- @severity error
select
    scope,
    scheme,
    field_code,
    patents,
    patents_whole,
    fractional_patents
from marts.by_field
where patents > patents_whole or fractional_patents > patents_whole + 1e-9
order by scope, scheme, field_code
