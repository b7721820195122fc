-- A row is a patent and scheme without a primary field, or with several.
-- @severity error
with schemes as (
    select unnest(['paper', 'ipc_section', 'wipo35', 'wipo5']) as scheme
)

select
    patents.publication_number,
    schemes.scheme,
    count(fields.publication_number) as primary_fields
from core.patents as patents
cross join schemes
left join core.patent_fields as fields
    on
        patents.publication_number = fields.publication_number
        and schemes.scheme = fields.scheme
        and fields.is_primary
group by patents.publication_number, schemes.scheme
having count(fields.publication_number) != 1
order by patents.publication_number, schemes.scheme
