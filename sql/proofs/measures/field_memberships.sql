-- The patents of a scope, once for each of their fields.
with members as (
    select fields.publication_number, fields.field_code
    from core.patent_scopes as scopes
    inner join core.patent_fields as fields using (publication_number)
    where scopes.scope = $scope and fields.scheme = $scheme
),

numbers as (
    select (select count(*) from members) as memberships
)

select memberships as field_memberships
from numbers
