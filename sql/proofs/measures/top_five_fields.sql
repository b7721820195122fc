-- The patents of a scope with a partner country in the scope's five largest fields of the paper's kind.
with fields as (
    select field_code, patents, rank
    from marts.by_field
    where scope = $scope and scheme = 'paper' and rank <= 5
),

members as (
    select scopes.publication_number, members.field_code
    from core.patent_scopes as scopes
    inner join core.patent_fields as members using (publication_number)
    inner join core.patent_countries as countries using (publication_number)
    inner join fields using (field_code)
    where scopes.scope = $scope and members.scheme = 'paper' and members.is_primary and countries.country = $member
),

numbers as (
    select (select count(*) from members) as patents
)

select patents as top_five_fields
from numbers
