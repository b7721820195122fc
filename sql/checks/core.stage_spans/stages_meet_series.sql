-- A row is a stage whose patents are not those of its years.
-- @severity error
select
    stages.scope,
    stages.method,
    stages.position,
    stages.patents,
    sum(by_year.patents) as patents_of_years
from core.stage_spans as stages
left join core.scope_years as by_year
    on stages.scope = by_year.scope and by_year.year between stages.from_year and stages.to_year
group by stages.scope, stages.method, stages.position, stages.patents
having sum(by_year.patents) is distinct from stages.patents
order by stages.scope, stages.method, stages.position
