-- A row is a province whose patents per country are not those of marts.by_country.
-- @severity error
with compared as (
    select
        scope,
        sum(patents) as patents
    from marts.specialisation
    group by scope
),

counted as (
    select
        by_country.scope,
        sum(by_country.patents) as patents
    from marts.by_country as by_country
    inner join core.scopes as scopes on by_country.scope = scopes.scope and not scopes.is_national
    group by by_country.scope
)

select
    counted.scope,
    counted.patents,
    compared.patents as compared_patents
from counted
left join compared using (scope)
where compared.patents is distinct from counted.patents
order by counted.scope
