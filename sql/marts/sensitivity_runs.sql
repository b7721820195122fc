-- One row per scope, measure, member, choice and option: a headline number with one choice of the study made
-- otherwise, all else as it is, counted whole. An option applies to all members alike before they are ranked.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column measure | as in marts.sensitivity
-- @column member | as in marts.sensitivity
-- @column choice | counting, Hong Kong, unplaced, first year, zero rule, date or families, as in core.options
-- @column option | as in core.options; a counting is there only where marts.counts has it for the dimension
-- @column value | the number under the option; that of the study where the option cannot move it; null with a reason
-- @column reason | why there is no number; null where there is one
-- @unit that of the measure | value
-- @unique scope, measure, member, choice, option
with baselines as (
    select
        measures.scope,
        measures.dimension,
        measures.measure,
        measures.member,
        measures.value,
        measures.measure in ('mean_yearly_rate', 'cagr', 'poisson_rate', 'stage_ratio') as is_of_years
    from core.option_measures as measures
    inner join core.scopes as scopes using (scope)
    where measures.choice = 'none'
),

dates as (
    select count(filing_date) > 0 as are_known
    from core.patents
),

tried as (
    select
        baselines.scope,
        baselines.dimension,
        baselines.measure,
        baselines.member,
        baselines.value as baseline,
        options.choice,
        options.option,
        case
            when options.choice = 'zero rule' then baselines.measure = 'mean_yearly_rate'
            when options.choice = 'counting' then baselines.dimension != 'scope'
            when baselines.is_of_years then options.moves_years
            else options.moves_members
        end as is_moved
    from baselines
    cross join core.options as options
    where
        options.choice != 'none'
        and (
            options.choice != 'counting'
            or case options.option
                when 'partners_only' then baselines.dimension = 'country'
                when 'focal_only' then baselines.dimension = 'province'
                when 'primary' then baselines.dimension = 'field'
                when 'fractional' then baselines.dimension = 'field'
                else true
            end
        )
),

answered as (
    select
        tried.scope,
        tried.measure,
        tried.member,
        tried.choice,
        tried.option,
        case
            when not tried.is_moved then tried.baseline
            when tried.choice = 'date' and not dates.are_known then null
            else measures.value
        end as value,
        case
            when tried.choice = 'counting' and tried.dimension = 'field'
                then 'inventors do not divide a patent among fields'
            when tried.choice = 'date' and not dates.are_known then 'the source has no dates of filing'
            when not tried.is_moved then 'not defined in the study as it is'
            else 'not defined under this option'
        end as why_null
    from tried
    cross join dates
    left join core.option_measures as measures using (choice, option, scope, measure, member)
)

select
    scope,
    measure,
    member,
    choice,
    option,
    value,
    if(value is null, why_null, null) as reason
from answered
order by scope, measure, member, choice, option
