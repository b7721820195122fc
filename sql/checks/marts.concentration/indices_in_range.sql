-- A row is a scope and dimension whose indices contradict each other: cr1 <= cr3 <= cr5, the Herfindahl index is
-- between 1 / members and 1, the entropy between 0 and ln(members), the Gini coefficient between 0 and 1.
-- @severity error
select
    scope,
    dimension,
    scheme,
    base,
    year,
    members,
    cr1,
    cr3,
    cr5,
    hhi,
    entropy,
    gini
from marts.concentration
where
    cr1 > cr3 + 1e-9
    or cr3 > cr5 + 1e-9
    or coalesce(hhi not between 1 / members - 1e-9 and 1 + 1e-9, base = 'memberships')
    or coalesce(entropy not between -1e-9 and ln(members) + 1e-9, base = 'memberships')
    or coalesce(gini not between -1e-9 and 1, base = 'memberships')
order by scope, dimension, scheme, base, year
