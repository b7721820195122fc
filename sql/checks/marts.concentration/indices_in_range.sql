-- A row is a scope and dimension whose indices contradict each other: cr1 <= cr3 <= cr5, and the Herfindahl index
-- lies between 1 / members and 1. Its members must be those of the mart it sums.
-- @severity error
select
    concentration.scope,
    concentration.dimension,
    concentration.members,
    concentration.cr1,
    concentration.cr3,
    concentration.cr5,
    concentration.hhi
from marts.concentration as concentration
where
    concentration.cr1 > concentration.cr3 + 1e-9
    or concentration.cr3 > concentration.cr5 + 1e-9
    or concentration.hhi not between 1 / concentration.members - 1e-9 and 1 + 1e-9
    or (
        concentration.dimension = 'country'
        and concentration.members != (
            select count(*) from marts.by_country as by_country where by_country.scope = concentration.scope
        )
    )
order by concentration.scope, concentration.dimension
