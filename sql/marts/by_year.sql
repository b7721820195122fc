-- One row per scope and year that patents are counted in, years without patents included.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column year | year of publication, or of filing in a study that counts by it
-- @column patents | patents of the year
-- @column growth_rate | patents / patents of the year before - 1; null after an empty year, and unless each of the
--   two years is whole or declared by the study for its growth rates
-- @column cumulative | patents up to and including the year
-- @column exposure | days of the year that the data cover / days of the year, as core.years says
-- @column is_whole | whether the exposure is 1; the first and the last year of a window often fall short
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @unit calendar year | year
-- @unit patents | patents, cumulative, low, high
-- @unit fraction per year | growth_rate
-- @unit fraction | exposure
-- @unique scope, year
with series as (
    select
        by_year.scope,
        by_year.year,
        by_year.patents,
        years.exposure,
        years.is_whole,
        years.is_whole or years.is_growth_year as is_comparable
    from core.scope_years as by_year
    inner join core.years as years using (year)
),

compared as (
    select
        scope,
        year,
        patents,
        exposure,
        is_whole,
        is_comparable and lag(is_comparable) over by_scope as is_rated,
        lag(patents) over by_scope as previous,
        (sum(patents) over by_scope)::bigint as cumulative
    from series
    window by_scope as (partition by scope order by year)
)

select
    compared.scope,
    compared.year,
    compared.patents,
    if(compared.is_rated, compared.patents / nullif(compared.previous, 0) - 1, null) as growth_rate,
    compared.cumulative,
    compared.exposure,
    compared.is_whole,
    limits.low,
    limits.high
from compared
left join core.poisson_limits as limits on compared.patents = limits.patents
order by compared.scope, compared.year
