-- One row per scope, measure and member: how far a headline number moves where one choice of the study is made
-- otherwise, all else as it is. The numbers are in marts.sensitivity_runs, a row per option. They show what choices
-- do, not what chance does; for that see the intervals of the other tables.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column measure | patents (of the scope); share_of_nation (patents / patents of the nation); partner_share,
--   province_share (national scope only) and field_share (scheme paper): patents / patents of the scope; partner_rank,
--   province_rank and field_rank: 1 = most patents; cr5 (of partners, base patents), hhi (of partners, base
--   memberships); mean_yearly_rate (under the study's zero rule), cagr and poisson_rate over the growth years;
--   stage_ratio (mean per year / that of the stage before)
-- @column member | country, province or field among the first five of the study, ties by code; position of the stage;
--   else all
-- @column baseline | the number in the study's settings with whole counting (a field has every patent with a symbol in
--   it); null where it is not defined
-- @column minimum | the least of the baseline and the options; null where none is defined
-- @column maximum | the greatest
-- @column moved_most_by | choice with the largest distance of an option from the baseline, of equal ones the first in
--   the alphabet; null where no option moves it
-- @column sign_can_change | whether there are numbers below and above zero among the baseline and the options
-- @column rank_can_change | whether the rank of the member is not the same everywhere; false for measures without one
-- @unit that of the measure | baseline, minimum, maximum
-- @unique scope, measure, member
with numbers as (
    select
        measures.scope,
        measures.measure,
        measures.member,
        measures.value,
        null as choice,
        null as distance
    from core.option_measures as measures
    inner join core.scopes as scopes using (scope)
    where measures.choice = 'none'
    union all
    select
        runs.scope,
        runs.measure,
        runs.member,
        runs.value,
        runs.choice,
        abs(runs.value - measures.value)
    from marts.sensitivity_runs as runs
    inner join core.option_measures as measures using (scope, measure, member)
    where measures.choice = 'none'
),

summed as (
    select
        scope,
        measure,
        member,
        max(value) filter (choice is null) as baseline,
        min(value) as minimum,
        max(value) as maximum,
        arg_min(choice, {'distance': -distance, 'choice': choice}) filter (distance > 0) as moved_most_by
    from numbers
    group by scope, measure, member
)

select
    summed.scope,
    summed.measure,
    summed.member,
    summed.baseline,
    summed.minimum,
    summed.maximum,
    summed.moved_most_by,
    coalesce(summed.minimum < 0 and summed.maximum > 0, false) as sign_can_change,
    coalesce(ranks.minimum < ranks.maximum, false) as rank_can_change
from summed
left join summed as ranks
    on
        summed.scope = ranks.scope
        and replace(summed.measure, '_share', '_rank') = ranks.measure
        and ranks.measure like '%rank'
        and summed.member = ranks.member
order by summed.scope, summed.measure, summed.member
