-- A partner country in a field of a scope: the patents of both.
-- @default scheme = paper
-- @shows patents
with members as (
    select fields.publication_number
    from core.patent_scopes as scopes
    inner join core.patent_fields as fields using (publication_number)
    inner join core.patent_countries as countries using (publication_number)
    where
        scopes.scope = $scope
        and fields.scheme = $scheme
        and fields.field_code = $field_code
        and fields.is_primary
        and countries.country = $country
),

numbers as (
    select (select count(*) from members) as patents
)

select patents
from numbers
