-- One row per scope and zero rule: growth over the growth years, those the study declares, else the whole years of
-- the window. What a rule decides differs between the rows of a scope; the rest is the same in each. The mean of
-- yearly rates explodes on small counts, and with rule skip it counts a fall to an empty year as -100 % but not the
-- recovery after it, so it may have the wrong sign; the Poisson rate uses every year.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column zero_rule | what the rate of a year after an empty one counts in the mean: skip (left out), zero (as 0) or
--   none (the mean is undefined)
-- @column is_study_rule | whether this is the rule the study declares
-- @column from_year | first growth year; null if there is none
-- @column to_year | last growth year
-- @column base_patents | patents of the growth years
-- @column mean_yearly_rate | mean of patents / patents of the year before - 1 under the rule
-- @column rates_defined | yearly rates with a base above 0
-- @column years_skipped | years after an empty one, whose rate is undefined
-- @column cagr | compound rate: (patents of to_year / patents of from_year) ^ (1 / (to_year - from_year)) - 1; null
--   if the base is 0 or there is one year
-- @column log_linear_rate | exp(b) - 1, b the least-squares slope of ln patents on the year; null where a year is
--   empty
-- @column poisson_rate | exp(b) - 1 of the Poisson regression ln E[N] = a + b * year over the growth years, zeros
--   included, each with exposure 1; null where all patents are in one end year
-- @column poisson_low | lower end of its 95 % interval: exp(b - 1.959964 * se * sqrt(max(1, dispersion))) - 1, with
--   se = 1 / sqrt(patents * variance of the year over the fitted counts)
-- @column poisson_high | upper end
-- @column dispersion | Pearson's chi-square / (years - 2); above 1 the years vary more than chance in counting would
--   make them. Null for two years
-- @column own_offset_rate | as poisson_rate, with ln(publications of the scope in the year, core.scope_years) as
--   offset: growth of co-invention beyond the growth of inventing
-- @column own_offset_low | lower end of its 95 % interval: as poisson_low
-- @column own_offset_high | upper end
-- @column is_small | whether the rates rest on fewer than 10 patents
-- @column reason | why poisson_rate, or else own_offset_rate, is null
-- @unit calendar year | from_year, to_year
-- @unit patents | base_patents
-- @unit fraction per year | mean_yearly_rate, cagr, log_linear_rate, poisson_rate, poisson_low,
--   poisson_high, own_offset_rate, own_offset_low, own_offset_high
-- @unit years | years_skipped
-- @unit yearly rates | rates_defined
-- @unit ratio | dispersion
-- @unique scope, zero_rule
with summed as (
    select
        by_year.scope,
        min(by_year.year) as from_year,
        max(by_year.year) as to_year,
        sum(by_year.patents)::bigint as patents,
        list(by_year.patents order by by_year.year) as counts,
        list(1::double order by by_year.year) as ones,
        list(by_year.publications::double order by by_year.year) as publications
    from core.scope_years as by_year
    inner join core.years as years on by_year.year = years.year and years.is_growth_year
    group by by_year.scope
),

fitted as (
    select
        summed.scope,
        plain.slope,
        1.959964 * plain.standard_error * sqrt(greatest(1, coalesce(plain.dispersion, 1))) as reach,
        plain.dispersion,
        own.slope as own_slope,
        1.959964 * own.standard_error * sqrt(greatest(1, coalesce(own.dispersion, 1))) as own_reach,
        coalesce(plain.reason, 'with offset: ' || own.reason) as reason
    from summed
    left join core.poisson_trends as plain on summed.counts = plain.counts and summed.ones = plain.weights
    left join core.poisson_trends as own on summed.counts = own.counts and summed.publications = own.weights
),

rules as (
    select unnest(['skip', 'zero', 'none']) as zero_rule
)

select
    scopes.scope,
    rules.zero_rule,
    rules.zero_rule = study.zero_year_rule as is_study_rule,
    summed.from_year,
    summed.to_year,
    coalesce(summed.patents, 0) as base_patents,
    case rules.zero_rule
        when 'skip' then rates.mean_skip
        when 'zero' then rates.mean_zero
        when 'none' then rates.mean_none
    end as mean_yearly_rate,
    coalesce(rates.rates_defined, 0) as rates_defined,
    coalesce(rates.years_skipped, 0) as years_skipped,
    rates.cagr,
    rates.log_linear_rate,
    exp(fitted.slope) - 1 as poisson_rate,
    exp(fitted.slope - fitted.reach) - 1 as poisson_low,
    exp(fitted.slope + fitted.reach) - 1 as poisson_high,
    fitted.dispersion,
    exp(fitted.own_slope) - 1 as own_offset_rate,
    exp(fitted.own_slope - fitted.own_reach) - 1 as own_offset_low,
    exp(fitted.own_slope + fitted.own_reach) - 1 as own_offset_high,
    coalesce(summed.patents, 0) < 10 as is_small,
    if(summed.scope is null, 'no whole year', fitted.reason) as reason
from core.scopes as scopes
cross join rules
cross join reference.study as study
left join summed using (scope)
left join fitted using (scope)
left join core.series_rates as rates on summed.counts = rates.counts
order by scopes.scope, rules.zero_rule
