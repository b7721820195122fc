-- A row is an expected value under an invariant that no check looks at.
-- @severity error
select
    invariant,
    measure,
    scope,
    member
from marts.reproduction
where
    not regexp_full_match(invariant, 'V([1-9]|1[0-2])')
    and invariant not in ('growth', 'concentration', 'specialisation')
order by invariant, measure, scope, member
