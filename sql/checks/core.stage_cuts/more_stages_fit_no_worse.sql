-- A row is a cut that fits worse than one into fewer stages, or that has not as many first years as stages.
-- @severity error
with followed as (
    select
        scope,
        method,
        stages,
        cost,
        first_years,
        lag(cost) over (partition by scope, method order by stages) as cost_of_fewer
    from core.stage_cuts
)

select
    scope,
    method,
    stages,
    cost,
    cost_of_fewer,
    first_years
from followed
where cost > cost_of_fewer + 1e-6 or len(first_years) != stages
order by scope, method, stages
