-- A row is a table one of whose four cells would be negative.
-- @severity error
select
    patents,
    scope_patents,
    member_patents,
    national_patents
from core.member_margins
where
    patents < 0
    or patents > scope_patents
    or patents > member_patents
    or member_patents - patents > national_patents - scope_patents
order by patents, scope_patents, member_patents, national_patents
