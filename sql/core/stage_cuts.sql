-- One row per scope, method and number of stages: the best cut of the years, by dynamic programming (Fisher 1958): of
-- one to five stages, and of as many as the study declares.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column method | optimal (least squares: the yearly counts differ least from the mean of their stage) or poisson
--   (the likelihood of the yearly counts at the mean of their stage is largest)
-- @column stages | number of stages
-- @column cost | sum of squared distances for optimal; -ln of the likelihood without ln N! for poisson
-- @column first_years | first year of each stage; of equally good cuts the one whose stages begin earliest
-- @unique scope, method, stages
with recursive wanted as (
    select
        min(from_year) as first_year,
        max(to_year) as last_year,
        greatest(5, (select count(*) from core.stage_periods)) as stages
    from core.year_segments
),

-- costs are rounded, so that sums of the same parts in another order are equal
costs as (
    select scope, 'optimal' as method, from_year, to_year, round(squared_error / years, 9) as cost
    from core.year_segments
    union all
    select scope, 'poisson', from_year, to_year, round(poisson_cost, 9)
    from core.year_segments
),

-- the best cut of the years up to to_year into a number of stages
best(scope, method, stages, to_year, cut) as (
    select
        costs.scope,
        costs.method,
        1,
        costs.to_year,
        {'cost': costs.cost, 'first_years': [costs.from_year]}
    from costs
    inner join wanted on costs.from_year = wanted.first_year
    union all
    select
        best.scope,
        best.method,
        best.stages + 1,
        costs.to_year,
        min({
            'cost': round(best.cut.cost + costs.cost, 9),
            'first_years': list_append(best.cut.first_years, costs.from_year)
        })
    from best
    inner join costs
        on best.scope = costs.scope and best.method = costs.method and best.to_year + 1 = costs.from_year
    where best.stages < (select stages from wanted)
    group by best.scope, best.method, best.stages, costs.to_year
)

select
    best.scope,
    best.method,
    best.stages,
    best.cut.cost as cost,
    best.cut.first_years as first_years
from best
inner join wanted on best.to_year = wanted.last_year
order by best.scope, best.method, best.stages
