-- One row per scope and run of consecutive years a stage could be made of: every run of the years of the declared
-- stages, or of the last run of whole years where the study declares none.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column from_year | first year
-- @column to_year | last year
-- @column years | number of years
-- @column patents | patents of its years
-- @column exposed_years | sum of the exposures of its years
-- @column squared_error | years * sum of squared distances of the yearly counts from their mean, a whole number:
--   years * sum of squares - square of the sum
-- @column poisson_cost | -ln of the likelihood of the yearly counts at their mean, without the terms ln N! that no
--   cut changes: patents - patents * ln(patents / years)
-- @unit calendar year | from_year, to_year
-- @unit years | years, exposed_years
-- @unit patents | patents
-- @unique scope, from_year, to_year
with declared as (
    select
        min(from_year) as from_year,
        max(to_year) as to_year
    from core.stage_periods
),

yearly as (
    select
        by_year.scope,
        by_year.year,
        by_year.patents,
        years.exposure
    from core.scope_years as by_year
    inner join core.years as years using (year)
    cross join declared
    where if(
        declared.from_year is null,
        years.is_of_last_run,
        by_year.year between declared.from_year and declared.to_year
    )
),

segments as (
    select
        first_years.scope,
        first_years.year as from_year,
        last_years.year as to_year,
        count(*) as years,
        sum(inner_years.patents)::bigint as patents,
        sum(inner_years.patents * inner_years.patents)::bigint as squares,
        sum(inner_years.exposure order by inner_years.year) as exposed_years
    from yearly as first_years
    inner join yearly as last_years
        on first_years.scope = last_years.scope and first_years.year <= last_years.year
    inner join yearly as inner_years
        on
            first_years.scope = inner_years.scope
            and inner_years.year between first_years.year and last_years.year
    group by first_years.scope, first_years.year, last_years.year
)

select
    scope,
    from_year,
    to_year,
    years,
    patents,
    exposed_years,
    years * squares - patents * patents as squared_error,
    patents - if(patents > 0, patents * ln(patents / years), 0) as poisson_cost
from segments
order by scope, from_year, to_year
