-- A model of the yearly patents of a scope: the years, the stage each belongs to, and what the model expects of it.
-- @default method = poisson
-- @default stages = trend
-- @shows bic
with years as (
    select
        from_year as year,
        patents,
        from_year - min(from_year) over () as t
    from core.year_segments
    where scope = $scope and years = 1
),

trend as (
    select slope, standard_error
    from core.poisson_trends
    where
        counts = (select list(patents order by year) from years)
        and weights = (select list(1::double order by year) from years)
),

cut as (
    select first_years
    from core.stage_cuts
    where scope = $scope and method = $method and stages::varchar = $stages
),

staged as (
    select
        years.year,
        years.patents,
        years.t,
        (select max(first_year) from (select unnest(first_years) as first_year from cut) as cuts
        where first_year <= years.year) as stage_begins
    from years
),

expected as (
    select
        staged.year,
        staged.patents,
        staged.stage_begins,
        case
            when $stages != 'trend' then avg(staged.patents) over (partition by staged.stage_begins)
            when $method = 'poisson'
                then
                    exp(trend.slope * staged.t) / sum(exp(trend.slope * staged.t)) over ()
                    * sum(staged.patents) over ()
            else
                regr_intercept(staged.patents, staged.t) over ()
                + staged.t * coalesce(regr_slope(staged.patents, staged.t) over (), 0)
        end as expected
    from staged
    left join trend on true
),

declared as (
    select position, from_year
    from core.stage_periods
),

beside as (
    select stages, bic
    from marts.stage_models
    where scope = $scope and method = $method
),

numbers as (
    select
        (select count(*) from years) as years,
        (select sum(pow(patents - expected, 2)) from expected) as squares,
        (select sum(expected - if(patents > 0, patents * ln(expected), 0) + lgamma(patents + 1)) from expected)
            as minus_log_likelihood,
        (select any_value(first_years) from cut) as first_years,
        (select list(from_year order by position) from declared) as declared_years,
        (select count(*) from beside where bic < $bic) as lower_models
)

select
    if($method = 'poisson', minus_log_likelihood, squares) as cost,
    if(
        $method = 'poisson',
        2 * minus_log_likelihood + if($stages = 'trend', 2, 2 * try_cast($stages as integer) - 1) * ln(years),
        null
    ) as bic,
    if($method = 'poisson', lower_models = 0, null) as is_lowest_bic,
    first_years as cuts,
    coalesce(first_years = declared_years, false) as is_study
from numbers
