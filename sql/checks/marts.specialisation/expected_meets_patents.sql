-- A row is a province whose patents per country are not those of its countries, or an advantage outside its interval.
-- @severity error
with counted as (
    select
        scope,
        dimension,
        scheme,
        sum(patents) as patents
    from core.member_years
    where dimension in ('country', 'field')
    group by scope, dimension, scheme
),

compared as (
    select
        scope,
        dimension,
        scheme,
        sum(patents) as patents,
        count(*) filter (coalesce(rta not between low and high, true)) as outside_interval,
        count(*) filter (coalesce(q_value < p_value - 1e-12 or q_value > 1, true)) as wrong_q_values
    from marts.specialisation
    group by scope, dimension, scheme
)

select
    counted.scope,
    counted.dimension,
    counted.scheme,
    counted.patents,
    compared.patents as compared_patents,
    compared.outside_interval,
    compared.wrong_q_values
from counted
inner join core.scopes as scopes on counted.scope = scopes.scope and not scopes.is_national
left join compared
    on
        counted.scope = compared.scope
        and counted.dimension = compared.dimension
        and counted.scheme is not distinct from compared.scheme
where
    compared.patents is distinct from counted.patents
    or compared.outside_interval > 0
    or compared.wrong_q_values > 0
order by counted.scope, counted.dimension, counted.scheme
