-- A row is a stage whose patents are not those of its years, or whose mean is outside its interval.
-- @severity error
select
    stages.scope,
    stages.method,
    stages.position,
    stages.patents,
    stages.mean_per_year,
    stages.low,
    stages.high,
    sum(by_year.patents) as patents_of_years
from marts.stages as stages
left join core.scope_years as by_year
    on stages.scope = by_year.scope and by_year.year between stages.from_year and stages.to_year
group by all
having
    sum(by_year.patents) is distinct from stages.patents
    or coalesce(stages.mean_per_year not between stages.low and stages.high, true)
order by stages.scope, stages.method, stages.position
