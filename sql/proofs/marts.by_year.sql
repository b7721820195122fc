-- A year of a scope: its patents, those of the years before, and the days the data cover.
-- @shows patents
with members as (
    select patents.publication_number, patents.counted_year as year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    where scopes.scope = $scope and patents.counted_year <= $year
),

covered as (
    select year, from_date, to_date, exposure, is_whole, is_declared, is_whole or is_growth_year as is_comparable
    from core.years
    where year between $year - 1 and $year
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

numbers as (
    select
        (select count(*) from members where year = $year) as patents,
        (select count(*) from members where year = $year - 1) as patents_before,
        (select count(*) from members) as patents_up_to_the_year,
        (select count(*) from covered where is_comparable) as comparable_years,
        (select any_value(exposure) from covered where year = $year) as exposure,
        (select any_value(is_whole) from covered where year = $year) as is_whole,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high
)

select
    patents,
    if(comparable_years = 2, patents / nullif(patents_before, 0) - 1, null) as growth_rate,
    patents_up_to_the_year as cumulative,
    exposure,
    is_whole,
    count_low as low,
    count_high as high
from numbers
