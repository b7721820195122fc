-- A row is a scope whose patents here are not its patents.
-- @severity error
select
    scopes.scope,
    scopes.patents,
    counted.items
from core.scopes as scopes
left join core.cooperation_scopes as counted on scopes.scope = counted.scope and counted.instrument = 'patents'
where counted.items is distinct from scopes.patents
order by scopes.scope
