-- A headline number of a scope under an option: the members and years it is worked out of, those of the study where the
-- option cannot move it.
-- @take tried | marts.sensitivity_runs.tried
-- @shows value
with this_run as (
    select
        dimension,
        is_moved,
        baseline,
        if(is_moved and choice != 'zero rule', choice, 'none') as used_choice,
        if(is_moved and choice != 'zero rule', option, null) as used_option
    from tried
    where
        scope = $scope and measure = $measure and member = $member and choice = $choice and option = $option
),

members as (
    select members.dimension, members.member, members.patents
    from core.option_members as members
    inner join this_run
        on members.choice = this_run.used_choice and members.option = coalesce(this_run.used_option, members.option)
    where members.scope = $scope and members.dimension = this_run.dimension and members.patents > 0
),

ordered as (
    select
        member,
        patents,
        row_number() over (order by patents desc, member) as place
    from members
),

-- not every counting divides every dimension
divided as (
    select distinct members.dimension
    from core.option_members as members
    inner join this_run
        on
            members.choice = this_run.used_choice
            and members.option = coalesce(this_run.used_option, members.option)
            and members.dimension = if($measure = 'share_of_nation', 'province', this_run.dimension)
),

scope_total as (
    select members.dimension, members.member, members.patents
    from core.option_members as members
    inner join this_run
        on members.choice = this_run.used_choice and members.option = coalesce(this_run.used_option, members.option)
    where members.scope = $scope and members.dimension = 'scope' and this_run.used_choice != 'counting'
    union all
    select 'scope', scopes.scope, scopes.patents
    from core.scopes as scopes
    cross join this_run
    where scopes.scope = $scope and this_run.used_choice = 'counting'
),

nation_total as (
    select members.scope, members.patents
    from core.option_members as members
    inner join this_run
        on members.choice = this_run.used_choice and members.option = coalesce(this_run.used_option, members.option)
    inner join core.scopes as nation on members.scope = nation.scope and nation.is_national
    where members.dimension = 'scope' and this_run.used_choice != 'counting'
    union all
    select scopes.scope, scopes.patents
    from core.scopes as scopes
    cross join this_run
    where scopes.is_national and this_run.used_choice = 'counting'
),

as_province as (
    select members.member, members.patents
    from core.option_members as members
    inner join this_run
        on members.choice = this_run.used_choice and members.option = coalesce(this_run.used_option, members.option)
    inner join core.scopes as nation on members.scope = nation.scope and nation.is_national
    where members.dimension = 'province' and members.member = $scope
),

growth_years as (
    select
        series.year,
        series.patents,
        lag(series.patents) over (order by series.year) as patents_before
    from core.option_series as series
    inner join this_run
        on series.choice = this_run.used_choice and series.option = coalesce(this_run.used_option, series.option)
    where series.scope = $scope and series.is_growth_year
),

stage_years as (
    select periods.position, series.year, series.patents
    from core.option_series as series
    inner join this_run
        on series.choice = this_run.used_choice and series.option = coalesce(this_run.used_option, series.option)
    inner join core.stage_periods as periods on series.year between periods.from_year and periods.to_year
    where
        series.scope = $scope
        and $measure = 'stage_ratio'
        and periods.position between try_cast($member as integer) - 1 and try_cast($member as integer)
),

trend as (
    select counts, slope
    from core.poisson_trends
    where
        counts = (select list(patents order by year) from growth_years)
        and weights = (select list(1::double order by year) from growth_years)
),

rule as (
    select if($choice = 'zero rule' and this_run.is_moved, $option, study.zero_year_rule) as zero_rule
    from this_run
    cross join reference.study as study
),

filed as (
    select publication_number, filing_date
    from core.patents
    where filing_date is not null
),

numbers as (
    select
        (select any_value(is_moved) from this_run) as is_moved,
        (select any_value(dimension) from this_run) as dimension,
        (select count(*) from divided) as divided_dimensions,
        (select any_value(patents) from members where member = $member) as member_patents,
        (select count(*) from members where patents > coalesce(
            (select mine.patents from members as mine where mine.member = $member), 0
        )) as larger_members,
        (select sum(patents) from scope_total) as scope_patents,
        (select sum(patents) from nation_total) as nation_patents,
        (select sum(patents) from as_province) as province_patents,
        (select sum(patents) from ordered where place <= 5) as largest_5,
        (select sum(patents) from ordered) as all_memberships,
        (select sum(patents * patents) from ordered) as squares,
        (select arg_min(patents, year) from growth_years) as first_patents,
        (select arg_max(patents, year) from growth_years) as last_patents,
        (select max(year) - min(year) from growth_years) as years,
        (select sum(patents / patents_before - 1) from growth_years where patents_before > 0) as sum_of_rates,
        (select count(*) from growth_years where patents_before > 0) as rates_defined,
        (select count(patents_before) from growth_years) as all_rates,
        (select any_value(slope) from trend) as slope,
        (select sum(patents) / count(*) from stage_years where position = try_cast($member as integer)) as stage_mean,
        (select sum(patents) / count(*) from stage_years where position = try_cast($member as integer) - 1)
            as mean_before,
        (select any_value(zero_rule) from rule) as zero_rule,
        (select count(*) from filed) as filed_patents
)

select
    case
        when $choice = 'date' and is_moved and filed_patents = 0 then null
        when $choice = 'counting' and is_moved and divided_dimensions = 0 then null
        when $measure = 'patents' then coalesce(scope_patents, 0)
        when $measure = 'share_of_nation' then coalesce(province_patents, 0) / nullif(nation_patents, 0)
        when $measure like '%_share' then coalesce(member_patents, 0) / nullif(scope_patents, 0)
        when $measure like '%_rank' then if(scope_patents > 0, larger_members + 1, null)
        when $measure = 'cr5' then coalesce(largest_5, 0) / nullif(scope_patents, 0)
        when $measure = 'hhi' then squares / (all_memberships * all_memberships)
        when $measure = 'mean_yearly_rate'
            then
                case zero_rule
                    when 'skip' then sum_of_rates / nullif(rates_defined, 0)
                    when 'zero' then coalesce(sum_of_rates, 0) / nullif(all_rates, 0)
                    else if(rates_defined = all_rates, coalesce(sum_of_rates, 0) / nullif(all_rates, 0), null)
                end
        when $measure = 'cagr' then pow(last_patents / nullif(first_patents, 0), 1 / nullif(years, 0)) - 1
        when $measure = 'poisson_rate' then exp(slope) - 1
        else stage_mean / nullif(mean_before, 0)
    end as value,
    case
        when $value is not null then null
        when $choice = 'counting' and dimension = 'field' then 'inventors do not divide a patent among fields'
        when $choice = 'date' and filed_patents = 0 then 'the source has no dates of filing'
        when not is_moved then 'not defined in the study as it is'
        else 'not defined under this option'
    end as reason
from numbers
