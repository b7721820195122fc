-- A row is a province whose rank correlation is outside -1 to 1, or rests on more countries than it has.
-- @severity error
select
    likeness.scope,
    likeness.countries_compared,
    likeness.rank_correlation
from marts.likeness as likeness
where
    likeness.rank_correlation not between -1 - 1e-9 and 1 + 1e-9
    or likeness.countries_compared > (
        select count(*)
        from marts.specialisation as specialisation
        where
            specialisation.scope = likeness.scope
            and specialisation.dimension = 'country'
            and specialisation.patents > 0
    )
order by likeness.scope
