-- A row is a scope whose optimal cut fits the yearly counts worse than the study's, or has another number of stages.
-- @severity error
with errors as (
    select
        scope,
        sum(squared_error) filter (method = 'study') as study_error,
        sum(squared_error) filter (method = 'optimal') as optimal_error,
        count(*) filter (method = 'study') as study_stages,
        count(*) filter (method = 'optimal') as optimal_stages
    from marts.stages
    group by scope
)

select
    scope,
    study_error,
    optimal_error,
    study_stages,
    optimal_stages
from errors
where optimal_error > study_error + 1e-6 or optimal_stages != study_stages
order by scope
