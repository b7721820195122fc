-- A row is a scope that has neither both Poisson rates nor a reason, whose rate is outside its interval, or whose
-- rows differ in what no zero rule decides.
-- @severity error
with compared as (
    select
        scope,
        zero_rule,
        poisson_rate,
        poisson_low,
        poisson_high,
        own_offset_rate,
        own_offset_low,
        own_offset_high,
        reason,
        count(distinct coalesce(poisson_rate, -2)) over (partition by scope) as rates,
        count(*) filter (is_study_rule) over (partition by scope) as study_rules
    from marts.growth
)

select
    scope,
    zero_rule,
    poisson_rate,
    poisson_low,
    poisson_high,
    own_offset_rate,
    reason
from compared
where
    (reason is null) != (poisson_rate is not null and own_offset_rate is not null)
    or coalesce(poisson_rate not between poisson_low and poisson_high, false)
    or coalesce(own_offset_rate not between own_offset_low and own_offset_high, false)
    or rates != 1
    or study_rules != 1
order by scope, zero_rule
