-- Growth of a scope: its patents in each growth year, and the regressions over these years.
-- @default zero_rule = skip
-- @shows poisson_rate
with members as (
    select patents.publication_number, patents.counted_year as year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    inner join core.years as years on patents.counted_year = years.year and years.is_growth_year
    where scopes.scope = $scope
),

series as (
    select
        years.year,
        (select count(*) from members where members.year = years.year) as patents,
        by_year.publications,
        years.year - min(years.year) over () as t,
        lag((select count(*) from members where members.year = years.year)) over (order by years.year)
            as patents_before
    from core.years as years
    inner join core.scope_years as by_year on years.year = by_year.year and by_year.scope = $scope
    where years.is_growth_year
),

rates as (
    select
        year,
        patents_before,
        patents,
        patents / nullif(patents_before, 0) - 1 as rate
    from series
    where patents_before is not null
),

first_and_last as (
    select year, patents
    from series
    where year in ((select min(year) from series), (select max(year) from series))
),

trend as (
    select slope, standard_error, dispersion, reason
    from core.poisson_trends
    where
        counts = (select list(patents order by year) from series)
        and weights = (select list(1::double order by year) from series)
),

own_trend as (
    select slope, standard_error, dispersion, reason
    from core.poisson_trends
    where
        counts = (select list(patents order by year) from series)
        and weights = (select list(publications::double order by year) from series)
),

fitted as (
    select
        year,
        patents,
        fitted,
        sum(fitted * year * year) over () - pow(sum(fitted * year) over (), 2) / sum(fitted) over ()
            as counts_times_variance
    from (
        select
            series.year,
            series.patents,
            exp(trend.slope * series.t) / sum(exp(trend.slope * series.t)) over () * sum(series.patents) over ()
                as fitted
        from series
        cross join trend
    ) as yearly
),

own_fitted as (
    select
        series.year,
        series.patents,
        series.publications,
        series.publications * exp(own_trend.slope * series.t)
        / sum(series.publications * exp(own_trend.slope * series.t)) over () * sum(series.patents) over () as fitted
    from series
    cross join own_trend
),

declared as (
    select zero_year_rule
    from reference.study
),

numbers as (
    select
        (select min(year) from series) as first_year,
        (select max(year) from series) as last_year,
        (select count(*) from members) as patents,
        (select arg_min(patents, year) from first_and_last) as first_patents,
        (select arg_max(patents, year) from first_and_last) as last_patents,
        (select count(*) from rates) as all_rates,
        (select count(*) from rates where patents_before > 0) as rates_defined,
        (select count(*) from rates where patents_before = 0) as years_skipped,
        (select sum(rate) from rates where patents_before > 0) as sum_of_rates,
        (select if(min(patents) > 0, regr_slope(ln(greatest(patents, 1)), year), null) from series) as log_slope,
        (select any_value(zero_year_rule) from declared) as study_rule,
        (select regr_slope(ln(fitted), year) from fitted where fitted > 0) as slope,
        (select 1 / sqrt(any_value(counts_times_variance)) from fitted) as standard_error,
        (select sum(pow(patents - fitted, 2) / fitted) / nullif(count(*) - 2, 0) from fitted having count(*) > 2)
            as dispersion,
        (select any_value(reason) from trend) as reason,
        (select regr_slope(ln(fitted / publications), year) from own_fitted where fitted > 0) as own_slope,
        (select any_value(standard_error) from own_trend) as own_standard_error,
        (select sum(pow(patents - fitted, 2) / fitted) / nullif(count(*) filter (publications > 0) - 2, 0)
        from own_fitted where publications > 0) as own_dispersion,
        (select any_value(reason) from own_trend) as own_reason
)

select
    $zero_rule = study_rule as is_study_rule,
    first_year as from_year,
    last_year as to_year,
    patents as base_patents,
    case $zero_rule
        when 'skip' then sum_of_rates / nullif(rates_defined, 0)
        when 'zero' then coalesce(sum_of_rates, 0) / nullif(all_rates, 0)
        else if(years_skipped = 0, coalesce(sum_of_rates, 0) / nullif(all_rates, 0), null)
    end as mean_yearly_rate,
    rates_defined,
    years_skipped,
    pow(last_patents / nullif(first_patents, 0), 1 / nullif(last_year - first_year, 0)) - 1 as cagr,
    exp(log_slope) - 1 as log_linear_rate,
    exp(slope) - 1 as poisson_rate,
    exp(slope - 1.959964 * standard_error * sqrt(greatest(1, coalesce(dispersion, 1)))) - 1 as poisson_low,
    exp(slope + 1.959964 * standard_error * sqrt(greatest(1, coalesce(dispersion, 1)))) - 1 as poisson_high,
    dispersion,
    exp(own_slope) - 1 as own_offset_rate,
    exp(own_slope - 1.959964 * own_standard_error * sqrt(greatest(1, coalesce(own_dispersion, 1)))) - 1
        as own_offset_low,
    exp(own_slope + 1.959964 * own_standard_error * sqrt(greatest(1, coalesce(own_dispersion, 1)))) - 1
        as own_offset_high,
    patents < 10 as is_small,
    if(first_year is null, 'no whole year', coalesce(reason, 'with offset: ' || own_reason)) as reason
from numbers
