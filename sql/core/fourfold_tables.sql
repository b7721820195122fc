-- One row per distinct two-by-two table that an exact test is wanted of: a province against the nation, a member
-- against the others.
-- @column patents | patents of the province with the member (k)
-- @column scope_patents | patents of the province (n)
-- @column member_patents | patents of the nation with the member (K)
-- @column national_patents | patents of the nation (N)
-- @unit patents | patents, scope_patents, member_patents, national_patents
-- @unique patents, scope_patents, member_patents, national_patents
select distinct
    patents,
    scope_patents,
    member_patents,
    national_patents
from core.member_margins
order by patents, scope_patents, member_patents, national_patents
