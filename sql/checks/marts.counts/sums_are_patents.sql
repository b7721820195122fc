-- A row is a scope and counting whose members do not sum to the patents of the scope, to the rounding of the last
-- digits.
-- @severity error
select
    counts.scope,
    counts.dimension,
    counts.scheme,
    counts.counting,
    sum(counts.patents) as patents,
    any_value(scopes.patents) as scope_patents
from marts.counts as counts
inner join core.scopes as scopes using (scope)
where counts.counting != 'whole'
group by counts.scope, counts.dimension, counts.scheme, counts.counting
having abs(sum(counts.patents) - any_value(scopes.patents)) > 1e-9 * greatest(1, any_value(scopes.patents))
order by counts.scope, counts.dimension, counts.scheme, counts.counting
