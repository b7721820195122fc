-- One row per scope, method and stage of growth. Method study: the years the study declares. Methods optimal and
-- poisson: the cut of the same years into as many stages whose yearly counts differ least from the mean of their
-- stage (least squares), or are likeliest at it (Fisher 1958, by dynamic programming), so that a declared cut can be
-- told from a detected one. Whether stages explain the series better than steady growth is said in
-- marts.stage_models.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column method | study, optimal or poisson
-- @column position | order of the stage, from 1
-- @column stage | name the study gives to the stage at that position
-- @column from_year | first year
-- @column to_year | last year; of an open stage the last whole year
-- @column patents | patents of its years
-- @column mean_per_year | patents / calendar years of the stage
-- @column low | lower end of the 95 % interval of mean_per_year, exact Poisson (Garwood 1936): half the chi-square
--   quantile at 0.025 with 2 * patents degrees of freedom / years; for cuts chosen on the same data too narrow
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom / years
-- @column rate_per_exposed_year | patents / sum of the exposures of its years: a year that the data cover in part
--   counts by its part
-- @column ratio_to_first | mean_per_year / that of the first stage; null if that is 0
-- @column ratio_to_previous | mean_per_year / that of the stage before; null in the first stage, after an empty one,
--   and for cuts chosen on the same data, as are the three columns after it
-- @column ratio_low | lower end of its 95 % interval: l / (1 - l) * previous years / years, l the lower
--   Clopper-Pearson limit of patents / (patents of both stages)
-- @column ratio_high | upper end; null where it is infinite
-- @column p_value | exact conditional test of equal rates: given the patents of both stages, those of the later one
--   are binomial with probability years / years of both; two-sided, outcomes no likelier than the observed one
-- @column squared_error | sum of squared distances of the yearly counts from mean_per_year
-- @unit rank, from 1 | position
-- @unit calendar year | from_year, to_year
-- @unit patents | patents, low, high
-- @unit patents per year | mean_per_year, rate_per_exposed_year
-- @unit ratio | ratio_to_first, ratio_to_previous, ratio_low, ratio_high
-- @unit probability | p_value
-- @unit squared patents | squared_error
-- @unique scope, method, position
with compared as (
    select
        spans.scope,
        spans.method,
        spans.position,
        spans.from_year,
        spans.to_year,
        spans.years,
        spans.patents,
        spans.exposed_years,
        spans.squared_error,
        spans.patents / spans.years as mean_per_year,
        first_value(spans.patents / spans.years) over by_position as first_mean,
        if(spans.method = 'study', lag(spans.patents) over by_position, null) as previous_patents,
        if(spans.method = 'study', lag(spans.years) over by_position, null) as previous_years
    from core.stage_spans as spans
    window by_position as (partition by spans.scope, spans.method order by spans.position)
)

select
    compared.scope,
    compared.method,
    compared.position,
    periods.stage,
    compared.from_year,
    compared.to_year,
    compared.patents,
    compared.mean_per_year,
    limits.low / compared.years as low,
    limits.high / compared.years as high,
    compared.patents / nullif(compared.exposed_years, 0) as rate_per_exposed_year,
    compared.mean_per_year / nullif(compared.first_mean, 0) as ratio_to_first,
    compared.mean_per_year / nullif(compared.previous_patents / compared.previous_years, 0) as ratio_to_previous,
    tests.low as ratio_low,
    tests.high as ratio_high,
    tests.p_value,
    compared.squared_error
from compared
inner join core.stage_periods as periods using (position)
left join core.poisson_limits as limits on compared.patents = limits.patents
left join core.ratio_tests as tests
    on
        compared.patents = tests.patents
        and compared.years = tests.years
        and compared.previous_patents = tests.previous_patents
        and compared.previous_years = tests.previous_years
order by compared.scope, compared.method desc, compared.position
