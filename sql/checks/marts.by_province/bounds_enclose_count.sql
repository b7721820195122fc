-- A row is a province whose count lies outside its own bounds.
-- @severity error
select
    province,
    patents,
    patents_min,
    patents_max
from marts.by_province
where patents not between patents_min and patents_max
order by province
