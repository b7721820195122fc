-- One row per distinct series of yearly counts and weights that a Poisson regression is wanted of.
-- @column counts | counts of consecutive years
-- @column weights | exposure of each year: 1, or the publications of the scope
-- @unique counts, weights
with series as (
    select
        by_year.scope,
        list(by_year.patents order by by_year.year) as patents,
        list(1::double order by by_year.year) as ones,
        list(by_year.publications::double order by by_year.year) as publications
    from core.scope_years as by_year
    inner join core.years as years on by_year.year = years.year and years.is_growth_year
    group by by_year.scope
),

-- of the years the stages are cut from
stage_years as (
    select
        scope,
        list(patents order by from_year) as counts,
        list(1::double order by from_year) as weights
    from core.year_segments
    where years = 1
    group by scope
),

-- of what the study would have with another choice
option_years as (
    select
        list(patents order by year) as counts,
        list(1::double order by year) as weights
    from core.option_series
    where is_growth_year
    group by choice, option, scope
)

select distinct
    patents as counts,
    ones as weights
from series
union
select distinct
    patents as counts,
    publications as weights
from series
union
select distinct
    stage_years.counts,
    stage_years.weights
from stage_years
union
select distinct
    option_years.counts,
    option_years.weights
from option_years
order by counts, weights
