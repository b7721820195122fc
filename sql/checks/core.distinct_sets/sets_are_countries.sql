-- A row is a set of countries without publications, without a country, with one twice or out of order.
-- @severity error
select
    countries,
    publications
from core.distinct_sets
where
    publications < 1
    or len(countries) = 0
    or countries != list_sort(list_distinct(countries))
order by countries
