-- A row is a scope with more items of an instrument than the nation.
-- @severity error
select
    scopes.instrument,
    scopes.scope,
    scopes.items,
    nation.items as national_items
from core.cooperation_scopes as scopes
cross join reference.study as study
inner join core.cooperation_scopes as nation
    on scopes.instrument = nation.instrument and study.focal_country = nation.scope
where scopes.items > nation.items
order by scopes.instrument, scopes.scope
