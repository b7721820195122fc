-- A row is a scope and counting whose members, whole patents summed exactly, are not the patents of the scope. Whole
-- counting gives a patent to each of its members, so it need not sum to them.
-- @severity error
with by_denominator as (
    select
        scope,
        dimension,
        scheme,
        counting,
        denominator,
        sum(numerator) as numerator
    from core.member_parts
    where counting != 'whole'
    group by scope, dimension, scheme, counting, denominator
),

summed as (
    select
        scope,
        dimension,
        scheme,
        counting,
        sum(numerator // denominator) as patents,
        sum(numerator % denominator) as left_over
    from by_denominator
    group by scope, dimension, scheme, counting
)

select
    summed.scope,
    summed.dimension,
    summed.scheme,
    summed.counting,
    summed.patents,
    scopes.patents as scope_patents,
    summed.left_over
from summed
inner join core.scopes as scopes using (scope)
where summed.patents != scopes.patents or summed.left_over != 0
order by summed.scope, summed.dimension, summed.scheme, summed.counting
