-- A row is a scope whose cities' fractions do not sum to its patents.
-- @severity error
select
    cities.scope,
    sum(cities.fractional_patents) as fractional_patents,
    any_value(scopes.patents) as patents
from marts.by_city as cities
inner join core.scopes as scopes using (scope)
group by cities.scope
having abs(sum(cities.fractional_patents) - any_value(scopes.patents)) > 1e-6
order by cities.scope
