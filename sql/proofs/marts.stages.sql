-- A stage of a scope: its years, their patents and how much of them the data cover, and the stages compared with it.
-- @names position = stage
-- @default method = study
-- @shows patents
with members as (
    select patents.publication_number, patents.counted_year as year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    where scopes.scope = $scope and patents.counted_year between $from_year and $to_year
),

stage_years as (
    select
        years.year,
        years.exposure,
        (select count(*) from members where members.year = years.year) as patents
    from core.years as years
    where years.year between $from_year and $to_year
),

declared as (
    select position, stage, from_year, to_year
    from core.stage_periods
    where position = $position
),

spans as (
    select position, from_year, to_year, years, patents
    from core.stage_spans
    where scope = $scope and method = $method
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

exact_test as (
    select
        tests.patents,
        tests.years,
        tests.previous_patents,
        tests.previous_years,
        tests.low,
        tests.high,
        tests.p_value
    from core.ratio_tests as tests
    inner join spans as own on tests.patents = own.patents and tests.years = own.years
    inner join spans as previous
        on tests.previous_patents = previous.patents and tests.previous_years = previous.years
    where $method = 'study' and own.position = $position and previous.position = $position - 1
),

numbers as (
    select
        (select count(*) from members) as patents,
        (select count(*) from stage_years) as years,
        (select sum(exposure) from stage_years) as exposed_years,
        (select sum(pow(patents, 2)) - pow(sum(patents), 2) / count(*) from stage_years) as squares,
        (select any_value(stage) from declared) as stage,
        (select min(from_year) from spans where position = $position) as first_year,
        (select max(to_year) from spans where position = $position) as last_year,
        (select any_value(patents / years) from spans where position = 1) as mean_of_the_first,
        (select any_value(patents / years) from spans where position = $position - 1) as mean_of_the_previous,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high,
        (select any_value(low) from exact_test) as tested_low,
        (select any_value(high) from exact_test) as tested_high,
        (select any_value(p_value) from exact_test) as p
)

select
    stage,
    first_year as from_year,
    last_year as to_year,
    patents,
    patents / years as mean_per_year,
    count_low / years as low,
    count_high / years as high,
    patents / nullif(exposed_years, 0) as rate_per_exposed_year,
    patents / years / nullif(mean_of_the_first, 0) as ratio_to_first,
    if($method = 'study', patents / years / nullif(mean_of_the_previous, 0), null) as ratio_to_previous,
    tested_low as ratio_low,
    tested_high as ratio_high,
    p as p_value,
    squares as squared_error
from numbers
