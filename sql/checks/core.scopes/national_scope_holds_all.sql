-- The row is a national scope whose patents are not all patents.
-- @severity error
select
    scopes.scope,
    scopes.patents,
    (select count(*) from core.patents) as all_patents
from reference.study as study
left join core.scopes as scopes on study.focal_country = scopes.scope and scopes.is_national
where scopes.patents is distinct from (select count(*) from core.patents)
