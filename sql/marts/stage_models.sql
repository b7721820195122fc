-- One row per scope of 20 patents or more, method and number of stages from 1 to 5, and a row trend for steady
-- growth: how well each explains the yearly counts. Where the trend has the lowest bic, the data show growth, not
-- stages.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column method | optimal (least squares) or poisson
-- @column stages | number of stages, 1 to 5, or trend: a straight line for optimal, ln E[N] = a + b * year for
--   poisson
-- @column cost | optimal: residual sum of squares; poisson: -ln of the likelihood, with ln N!
-- @column bic | poisson: 2 * cost + (2 * stages - 1) * ln(years), a mean per stage and the cuts between them; trend
--   with 2 parameters; null for optimal
-- @column is_lowest_bic | whether no other row of the scope has a lower bic; null for optimal
-- @column cuts | first year of each stage; null for the trend
-- @column is_study | whether the cuts are those the study declares
-- @unit squared patents for optimal, nats for poisson | cost
-- @unit twice nats | bic
-- @unit calendar year | cuts
-- @unique scope, method, stages
with series as (
    select
        segments.scope,
        sum(segments.patents)::bigint as patents,
        count(*) as years,
        sum(lgamma(segments.patents + 1) order by segments.from_year) as ln_factorials,
        list(segments.patents order by segments.from_year) as counts,
        list(1::double order by segments.from_year) as weights
    from core.year_segments as segments
    inner join core.scopes as scopes using (scope)
    where segments.years = 1 and scopes.patents >= 20
    group by segments.scope
),

-- residuals of the least-squares line, from whole numbers: Syy - Sxy ^ 2 / Sxx
lines as (
    select
        scope,
        years * sum(patents * patents) - sum(patents) * sum(patents) as syy,
        years * sum(t * patents) - sum(t) * sum(patents) as sxy,
        years * sum(t * t) - sum(t) * sum(t) as sxx,
        years
    from (
        select
            segments.scope,
            series.years,
            segments.patents,
            segments.from_year - min(segments.from_year) over (partition by segments.scope) as t
        from core.year_segments as segments
        inner join series using (scope)
        where segments.years = 1
    ) as numbered
    group by scope, years
),

declared as (
    select list(from_year order by position) as first_years
    from core.stage_periods
),

models as (
    select
        cuts.scope,
        cuts.method,
        cuts.stages::varchar as stages,
        cuts.cost + if(cuts.method = 'poisson', series.ln_factorials, 0) as cost,
        2 * cuts.stages - 1 as parameters,
        cuts.first_years as cuts
    from core.stage_cuts as cuts
    inner join series using (scope)
    where cuts.stages between 1 and least(5, series.years)
    union all
    select
        series.scope,
        'poisson',
        'trend',
        trends.cost,
        2,
        null
    from series
    left join core.poisson_trends as trends using (counts, weights)
    union all
    select
        scope,
        'optimal',
        'trend',
        (syy - if(sxx > 0, sxy * sxy / sxx, 0)) / years,
        2,
        null
    from lines
),

judged as (
    select
        models.scope,
        models.method,
        models.stages,
        models.cost,
        if(models.method = 'poisson', 2 * models.cost + models.parameters * ln(series.years), null) as bic,
        models.cuts,
        coalesce(models.cuts = declared.first_years, false) as is_study
    from models
    inner join series using (scope)
    cross join declared
)

select
    scope,
    method,
    stages,
    cost,
    bic,
    if(method = 'poisson', bic <= min(bic) over (partition by scope, method), null) as is_lowest_bic,
    cuts,
    is_study
from judged
order by scope, method, stages
