-- A row is a patent whose fractions over its partner countries do not sum to 1, or that has not exactly one first
-- country.
-- @severity error
select
    publication_number,
    sum(weight_fractional) as fractions,
    count(*) filter (is_first) as first_countries
from core.patent_countries
group by publication_number
having abs(sum(weight_fractional) - 1) > 1e-9 or count(*) filter (is_first) != 1
order by publication_number
