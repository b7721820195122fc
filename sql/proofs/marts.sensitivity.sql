-- A headline number of a scope: its value in the study and under every option.
-- @shows moved_most_by
with study_value as (
    select choice, option, value
    from core.option_measures
    where choice = 'none' and scope = $scope and measure = $measure and member = $member
),

options as (
    select
        runs.choice,
        runs.option,
        runs.value,
        abs(runs.value - study_value.value) as distance
    from marts.sensitivity_runs as runs
    cross join study_value
    where runs.scope = $scope and runs.measure = $measure and runs.member = $member
),

all_values as (
    select choice, option, value from study_value
    union all
    select choice, option, value from options
),

ranks as (
    select choice, option, value
    from core.option_measures
    where
        choice = 'none'
        and scope = $scope
        and measure = replace($measure, '_share', '_rank')
        and measure like '%rank'
        and member = $member
    union all
    select choice, option, value
    from marts.sensitivity_runs
    where
        scope = $scope
        and measure = replace($measure, '_share', '_rank')
        and measure like '%rank'
        and member = $member
),

farthest as (
    select choice, option, value, distance
    from options
    where distance > 0 and distance = (select max(distance) from options)
),

numbers as (
    select
        (select any_value(value) from study_value) as baseline,
        (select min(value) from all_values) as least,
        (select max(value) from all_values) as greatest_value,
        (select min(choice) from farthest) as choice,
        (select min(value) from ranks) as best_rank,
        (select max(value) from ranks) as worst_rank
)

select
    baseline,
    least as minimum,
    greatest_value as maximum,
    choice as moved_most_by,
    coalesce(least < 0 and greatest_value > 0, false) as sign_can_change,
    coalesce(best_rank < worst_rank, false) as rank_can_change
from numbers
