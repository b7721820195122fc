-- A row is a patent and scheme whose fractions over the fields do not sum to 1, or that has not exactly one first
-- field.
-- @severity error
select
    publication_number,
    scheme,
    sum(weight_fractional) as fractions,
    count(*) filter (is_first) as first_fields
from core.patent_fields
group by publication_number, scheme
having abs(sum(weight_fractional) - 1) > 1e-9 or count(*) filter (is_first) != 1
order by publication_number, scheme
