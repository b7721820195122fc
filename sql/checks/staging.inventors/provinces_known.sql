-- A row is a province code given to an inventor that the list of provinces does not have.
-- @severity error
select
    inventors.publication_number,
    inventors.sequence,
    inventors.city_raw,
    inventors.province
from staging.inventors as inventors
anti join reference.provinces as provinces on inventors.province = provinces.code
where inventors.province not in ('unresolved', 'ambiguous')
order by inventors.publication_number, inventors.sequence
