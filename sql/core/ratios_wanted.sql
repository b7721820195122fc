-- One row per distinct pair of neighbouring stages of the study: their patents and years, whose ratio an exact test
-- is wanted of.
-- @column patents | patents of the stage
-- @column years | its years
-- @column previous_patents | patents of the stage before
-- @column previous_years | its years
-- @unit patents | patents, previous_patents
-- @unit years | years, previous_years
-- @unique patents, years, previous_patents, previous_years
with followed as (
    select
        patents,
        years,
        lag(patents) over by_position as previous_patents,
        lag(years) over by_position as previous_years
    from core.stage_spans
    where method = 'study'
    window by_position as (partition by scope order by position)
)

select distinct
    patents,
    years,
    previous_patents,
    previous_years
from followed
where previous_years is not null
order by patents, years, previous_patents, previous_years
