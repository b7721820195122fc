-- A row is a patent whose fractions over its provinces do not sum to 1, or that has not exactly one first province.
-- @severity error
select
    publication_number,
    sum(weight_fractional) as fractions,
    count(*) filter (is_first) as first_provinces
from core.patent_provinces
group by publication_number
having abs(sum(weight_fractional) - 1) > 1e-9 or count(*) filter (is_first) != 1
order by publication_number
