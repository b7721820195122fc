-- A row is a scope, scheme and country whose fields do not sum to the country's patents in the scope.
-- @severity error
with summed as (
    select
        scope,
        scheme,
        country,
        sum(patents) as patents
    from marts.field_countries
    group by scope, scheme, country
),

expected as (
    select
        scopes.scope,
        countries.country,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patent_countries as countries using (publication_number)
    group by scopes.scope, countries.country
),

schemes as (
    select distinct scheme
    from core.patent_fields
)

select
    expected.scope,
    schemes.scheme,
    expected.country,
    coalesce(summed.patents, 0) as patents,
    expected.patents as expected
from expected
cross join schemes
left join summed using (scope, scheme, country)
where summed.patents is distinct from expected.patents
order by expected.scope, schemes.scheme, expected.country
