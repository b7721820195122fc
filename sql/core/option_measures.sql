-- One row per option, scope, measure and member: a headline number as it would be under the option. Where an option
-- cannot move a measure there is no row; marts.sensitivity_runs has the number of the study there.
-- @column choice | as in core.options; none for the study as it is, with whole counting
-- @column option | as in core.options
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | what the measure counts: scope, country, province or field
-- @column measure | as in marts.sensitivity
-- @column member | country, province or field among the first five of the study, position of a stage, else all
-- @column value | the number; null where the option leaves it undefined
-- @unique choice, option, scope, measure, member
with ranked as (
    select
        choice,
        option,
        scope,
        dimension,
        member,
        patents,
        rank() over (partition by choice, option, scope, dimension order by patents desc) as rank,
        row_number() over (partition by choice, option, scope, dimension order by patents desc, member) as place
    from core.option_members
    where patents > 0
),

-- what the shares of an option are parts of; a counting divides the same patents
bases as (
    select
        options.choice,
        options.option,
        scopes.scope,
        scopes.is_national,
        if(options.choice = 'counting', scopes.patents, coalesce(members.patents, 0)) as patents
    from core.options as options
    cross join core.scopes as scopes
    left join core.option_members as members
        on
            options.choice = members.choice
            and options.option = members.option
            and scopes.scope = members.scope
            and members.dimension = 'scope'
    where options.moves_members
),

-- not every counting divides every dimension
counted as (
    select distinct
        choice,
        option,
        dimension
    from core.option_members
),

sums as (
    select
        choice,
        option,
        scope,
        dimension,
        count(*) as members,
        sum(patents order by place) as patents,
        sum(patents order by place) filter (place <= 5) as largest_5,
        sum(patents * patents order by place) as squares
    from ranked
    group by choice, option, scope, dimension
),

leaders as (
    select
        scope,
        dimension,
        member
    from ranked
    where choice = 'none' and dimension != 'scope' and place <= 5
),

of_leaders as (
    select
        bases.choice,
        bases.option,
        bases.scope,
        leaders.dimension,
        leaders.member,
        coalesce(ranked.patents, 0) / nullif(bases.patents, 0) as share,
        if(bases.patents > 0, coalesce(ranked.rank, coalesce(sums.members, 0) + 1), null) as rank
    from bases
    inner join leaders using (scope)
    inner join counted using (choice, option, dimension)
    left join sums using (choice, option, scope, dimension)
    left join ranked using (choice, option, scope, dimension, member)
),

provinces as (
    select
        nation.choice,
        nation.option,
        scopes.scope,
        coalesce(members.patents, 0) / nullif(nation.patents, 0) as share
    from bases as nation
    cross join core.scopes as scopes
    inner join counted
        on nation.choice = counted.choice and nation.option = counted.option and counted.dimension = 'province'
    left join core.option_members as members
        on
            nation.choice = members.choice
            and nation.option = members.option
            and nation.scope = members.scope
            and members.dimension = 'province'
            and scopes.scope = members.member
    where nation.is_national and not scopes.is_national
),

growth as (
    select
        series.choice,
        series.option,
        series.scope,
        list(series.patents order by series.year) as counts,
        list(1::double order by series.year) as weights
    from core.option_series as series
    where series.is_growth_year
    group by series.choice, series.option, series.scope
),

rated as (
    select
        growth.choice,
        growth.option,
        growth.scope,
        rates.mean_skip,
        rates.mean_zero,
        rates.mean_none,
        rates.cagr,
        exp(trends.slope) - 1 as poisson_rate
    from growth
    left join core.series_rates as rates using (counts)
    left join core.poisson_trends as trends using (counts, weights)
),

stages as (
    select
        series.choice,
        series.option,
        series.scope,
        periods.position,
        sum(series.patents) / count(*) as mean_per_year
    from core.option_series as series
    inner join core.stage_periods as periods on series.year between periods.from_year and periods.to_year
    group by series.choice, series.option, series.scope, periods.position
),

ratios as (
    select
        choice,
        option,
        scope,
        position,
        mean_per_year
        / nullif(lag(mean_per_year) over (partition by choice, option, scope order by position), 0) as ratio
    from stages
)

select choice, option, scope, 'scope' as dimension, 'patents' as measure, 'all' as member, patents as value
from bases
where choice != 'counting'
union all
select choice, option, scope, 'province', 'share_of_nation', 'all', share
from provinces
union all
select choice, option, scope, dimension, if(dimension = 'country', 'partner', dimension) || '_share', member, share
from of_leaders
union all
select choice, option, scope, dimension, if(dimension = 'country', 'partner', dimension) || '_rank', member, rank
from of_leaders
union all
select
    bases.choice,
    bases.option,
    bases.scope,
    'country',
    'cr5',
    'all',
    coalesce(sums.largest_5, 0) / nullif(bases.patents, 0)
from bases
inner join counted on bases.choice = counted.choice and bases.option = counted.option and counted.dimension = 'country'
left join sums
    on
        bases.choice = sums.choice
        and bases.option = sums.option
        and bases.scope = sums.scope
        and sums.dimension = 'country'
union all
select choice, option, scope, 'country', 'hhi', 'all', squares / (patents * patents)
from sums
where dimension = 'country'
union all
select
    rated.choice,
    rated.option,
    rated.scope,
    'scope',
    'mean_yearly_rate',
    'all',
    case study.zero_year_rule
        when 'skip' then rated.mean_skip
        when 'zero' then rated.mean_zero
        else rated.mean_none
    end
from rated
cross join reference.study as study
union all
select
    options.choice,
    options.option,
    rated.scope,
    'scope',
    'mean_yearly_rate',
    'all',
    case options.option when 'skip' then rated.mean_skip when 'zero' then rated.mean_zero else rated.mean_none end
from rated
inner join core.options as options on rated.choice = 'none' and options.choice = 'zero rule'
union all
select choice, option, scope, 'scope', 'cagr', 'all', cagr
from rated
union all
select choice, option, scope, 'scope', 'poisson_rate', 'all', poisson_rate
from rated
union all
select choice, option, scope, 'scope', 'stage_ratio', position::varchar, ratio
from ratios
where position > 1
order by choice, option, scope, measure, member
