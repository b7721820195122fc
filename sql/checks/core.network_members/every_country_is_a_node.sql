-- A row is a network of places and countries in which a patent has not exactly its partner countries.
-- @severity error
with counted as (
    select
        network,
        count(*) as members
    from core.network_members
    where side = 'right'
    group by network
)

select
    network,
    members,
    (select count(*) from core.patent_countries) as expected
from counted
where members != (select count(*) from core.patent_countries)
order by network
