-- A row is a scheme in which more than one patent in a hundred has no primary field: its symbol is unknown to the
-- scheme, or it has none.
-- @severity warn
select
    scheme,
    count(*) as patents,
    count(*) filter (field_code = 'unmapped') as unmapped,
    count(*) filter (field_code = 'none') as without_symbol
from core.patent_fields
where is_primary
group by scheme
having count(*) filter (field_code in ('unmapped', 'none')) > 0.01 * count(*)
order by scheme
