-- One row per scope: growth rates between the study's base year and last year, three ways side by side.
-- The mean of yearly rates is never below the compound rate and explodes on small counts.
-- @column scope | code of the focal country or of a province
-- @column from_year | base year
-- @column to_year | last year
-- @column cagr | (patents of to_year / patents of from_year) ^ (1 / (to_year - from_year)) - 1; null if the base is 0
-- @column mean_yearly_rate | mean of patents / patents of the year before - 1. A year after an empty one is left out
--   (rule skip), counts as 0 (zero) or leaves the mean undefined (none)
-- @column rates_defined | yearly rates with a base above 0
-- @column years_skipped | years after an empty one, whose rate is undefined
-- @column zero_year_rule | rule of the study: skip, zero or none
-- @column log_linear_rate | exp(slope) - 1 of ln patents on the year by least squares; with empty years the slope of a
--   Poisson regression instead, which needs no logarithm of 0; null if there is none between -95 % and +1900 %,
--   or if the window has a single year
-- @column log_linear_method | least squares or poisson
-- @unique scope
with recursive series as (
    select
        by_year.scope,
        study.growth_from as from_year,
        study.growth_to as to_year,
        study.zero_year_rule,
        by_year.year - study.growth_from as t,
        by_year.patents,
        lag(by_year.patents) over (partition by by_year.scope order by by_year.year) as previous
    from marts.by_year as by_year
    cross join reference.study as study
    where by_year.year between study.growth_from and study.growth_to
),

rates as (
    select
        scope,
        any_value(from_year) as from_year,
        any_value(to_year) as to_year,
        any_value(zero_year_rule) as zero_year_rule,
        count(previous) as intervals,
        count(*) filter (previous > 0) as rates_defined,
        count(*) filter (previous = 0) as years_skipped,
        coalesce(sum(patents / previous - 1) filter (previous > 0), 0) as sum_of_rates,
        max(patents) filter (t = 0) as first_patents,
        max(patents) filter (from_year + t = to_year) as last_patents,
        min(patents) > 0 as is_positive,
        -- One year has no slope; DuckDB's is not a number there.
        if(count(*) > 1, regr_slope(ln(greatest(patents, 1)), t), null) as log_slope,
        sum(patents * t) / nullif(sum(patents), 0) as mean_t
    from series
    group by scope
),

-- Poisson regression of one series on time: the slope at which the fitted mean of t, weighted exp(slope * t), meets
-- the observed one. The fitted mean rises with the slope, so halving an interval finds it.
poisson(scope, mean_t, low, high, step) as (
    select scope, mean_t, -3.0::double, 3.0::double, 0
    from rates
    where mean_t is not null and not is_positive
    union all
    select
        scope,
        mean_t,
        if(sum(t * exp(middle * t)) / sum(exp(middle * t)) < mean_t, middle, low),
        if(sum(t * exp(middle * t)) / sum(exp(middle * t)) < mean_t, high, middle),
        step + 1
    from (select scope, mean_t, low, high, step, (low + high) / 2 as middle from poisson) as halved
    inner join series using (scope)
    where step < 40
    group by scope, mean_t, low, high, middle, step
),

poisson_slopes as (
    select
        scope,
        (low + high) / 2 as slope
    from poisson
    where step = 40 and abs(low) < 2.999 and abs(high) < 2.999
)

select
    rates.scope,
    rates.from_year,
    rates.to_year,
    pow(rates.last_patents / nullif(rates.first_patents, 0), 1 / nullif(rates.to_year - rates.from_year, 0)) - 1
        as cagr,
    case rates.zero_year_rule
        when 'skip' then rates.sum_of_rates / nullif(rates.rates_defined, 0)
        when 'zero' then rates.sum_of_rates / nullif(rates.intervals, 0)
        when 'none' then if(rates.years_skipped = 0, rates.sum_of_rates / nullif(rates.intervals, 0), null)
    end as mean_yearly_rate,
    rates.rates_defined,
    rates.years_skipped,
    rates.zero_year_rule,
    exp(if(rates.is_positive, rates.log_slope, poisson_slopes.slope)) - 1 as log_linear_rate,
    if(rates.is_positive, 'least squares', 'poisson') as log_linear_method
from rates
left join poisson_slopes using (scope)
order by rates.scope
