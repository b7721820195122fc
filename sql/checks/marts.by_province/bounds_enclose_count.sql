-- A row is a province whose bounds do not rise from left to right.
-- @severity error
select
    province,
    patents_certain,
    patents,
    patents_with_candidates,
    patents_with_unplaced
from marts.by_province
where
    patents_certain > patents
    or patents > patents_with_candidates
    or patents_with_candidates > patents_with_unplaced
order by province
