-- A row is a member with more patents than its scope under the same option.
-- @severity error
select
    members.choice,
    members.option,
    members.scope,
    members.member,
    members.patents,
    scopes.patents as scope_patents
from core.option_members as members
inner join core.option_members as scopes
    on
        members.choice = scopes.choice
        and members.option = scopes.option
        and members.scope = scopes.scope
        and scopes.dimension = 'scope'
where members.patents > scopes.patents or members.patents < 0
order by members.choice, members.option, members.scope, members.member
