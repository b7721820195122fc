-- One row per scope, method and stage: the years of each stage, as the study cuts them and as the data would.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column method | study, optimal or poisson
-- @column position | order of the stage, from 1
-- @column from_year | first year
-- @column to_year | last year
-- @column years | number of years
-- @column patents | patents of its years
-- @column exposed_years | sum of the exposures of its years
-- @column squared_error | sum of squared distances of the yearly counts from their mean
-- @unit rank, from 1 | position
-- @unit calendar year | from_year, to_year
-- @unit years | years, exposed_years
-- @unit patents | patents
-- @unique scope, method, position
with starts as (
    select
        scopes.scope,
        'study' as method,
        periods.position,
        periods.from_year
    from core.scopes as scopes
    cross join core.stage_periods as periods
    union all
    select
        scope,
        method,
        generate_subscripts(first_years, 1) as position,
        unnest(first_years) as from_year
    from core.stage_cuts
    where stages = (select count(*) from core.stage_periods)
),

last_year as (
    select max(to_year) as year
    from core.stage_periods
),

spans as (
    select
        starts.scope,
        starts.method,
        starts.position,
        starts.from_year,
        coalesce(
            lead(starts.from_year) over (partition by starts.scope, starts.method order by starts.position) - 1,
            last_year.year
        ) as to_year
    from starts
    cross join last_year
)

select
    spans.scope,
    spans.method,
    spans.position::integer as position,
    spans.from_year::integer as from_year,
    spans.to_year::integer as to_year,
    segments.years,
    segments.patents,
    segments.exposed_years,
    segments.squared_error / segments.years as squared_error
from spans
inner join core.year_segments as segments using (scope, from_year, to_year)
order by spans.scope, spans.method, spans.position
