-- A scope and its patents.
-- @names scope = scope_name
-- @shows patents
with members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

named as (
    select code, name, false as is_country from reference.provinces where code = $scope
    union all
    select iso2, name, true from reference.countries where iso2 = $scope
),

numbers as (
    select
        (select count(*) from members) as patents,
        (select any_value(name) from named) as name,
        (select bool_or(is_country) from named) as is_country
)

select
    coalesce(name, $scope) as scope_name,
    coalesce(is_country, false) as is_national,
    patents
from numbers
