-- One row per distinct series of yearly counts of core.trends_wanted: the growth rates that follow from the counts
-- alone. The mean of yearly rates explodes on small counts, and leaves out the recovery from an empty year if skipping.
-- @column counts | counts of consecutive years
-- @column rates_defined | yearly rates, count / count of the year before - 1, with a base above 0
-- @column years_skipped | years after an empty one, whose rate is undefined
-- @column mean_skip | mean of the rates, years after an empty one left out
-- @column mean_zero | mean of the rates, that of a year after an empty one being 0
-- @column mean_none | mean of the rates; null where a year follows an empty one
-- @column cagr | compound rate: (last count / first count) ^ (1 / (years - 1)) - 1; null if the base is 0 or there is
--   one year
-- @column log_linear_rate | exp(b) - 1, b the least-squares slope of ln count on the year; null where a year is empty
-- @unique counts
with series as (
    select distinct counts
    from core.trends_wanted
),

years as (
    select
        counts,
        unnest(counts) as patents,
        generate_subscripts(counts, 1) - 1 as t
    from series
),

compared as (
    select
        counts,
        t,
        patents,
        lag(patents) over (partition by counts order by t) as previous
    from years
),

-- the sums run in the order of the years, so that they repeat exactly
summed as (
    select
        counts,
        count(previous) as intervals,
        count(*) filter (previous > 0) as rates_defined,
        count(*) filter (previous = 0) as years_skipped,
        coalesce(sum(patents / previous - 1 order by t) filter (previous > 0), 0) as sum_of_rates,
        -- slope = covariance / variance
        if(
            min(patents) > 0,
            (sum(t * ln(greatest(patents, 1)) order by t) - avg(t) * sum(ln(greatest(patents, 1)) order by t))
            / nullif(sum(t * t) - avg(t) * sum(t), 0),
            null
        ) as log_slope
    from compared
    group by counts
)

select
    counts,
    rates_defined,
    years_skipped,
    sum_of_rates / nullif(rates_defined, 0) as mean_skip,
    sum_of_rates / nullif(intervals, 0) as mean_zero,
    if(years_skipped = 0, sum_of_rates / nullif(intervals, 0), null) as mean_none,
    pow(counts[-1] / nullif(counts[1], 0), 1 / nullif(intervals, 0)) - 1 as cagr,
    exp(log_slope) - 1 as log_linear_rate
from summed
order by counts
