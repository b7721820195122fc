-- A row is a model without a cost, or a scope with more than one cut that is the study's in a method.
-- @severity error
with judged as (
    select
        scope,
        method,
        stages,
        cost,
        count(*) filter (is_study) over (partition by scope, method) as study_cuts
    from marts.stage_models
)

select
    scope,
    method,
    stages,
    cost,
    study_cuts
from judged
where (cost is null and stages != 'trend') or cost < -1e-6 or study_cuts > 1
order by scope, method, stages
