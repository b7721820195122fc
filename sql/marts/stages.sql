-- One row per scope, method and stage of growth. Method study: the years the study declares. Method optimal: the
-- cut of the same years into as many stages whose yearly counts differ least from the mean of their stage (least
-- squares; Fisher 1958, by dynamic programming), so that a declared cut can be told from a detected one.
-- @column scope | code of the focal country or of a province
-- @column method | study or optimal
-- @column position | order of the stage, from 1
-- @column stage | name the study gives to the stage at that position
-- @column from_year | first year
-- @column to_year | last year
-- @column patents | patents of its years
-- @column mean_per_year | patents / years of the stage
-- @column ratio_to_first | mean_per_year / that of the first stage; null if that is 0
-- @column squared_error | sum of squared distances of the yearly counts from mean_per_year
-- @unique scope, method, position
with recursive declared as (
    select
        min(from_year) as from_year,
        max(to_year) as to_year,
        count(*) as stages
    from reference.stages
),

yearly as (
    select
        by_year.scope,
        by_year.year,
        by_year.patents
    from marts.by_year as by_year
    inner join declared on by_year.year between declared.from_year and declared.to_year
),

-- every run of consecutive years a stage could be made of
segments as (
    select
        first_years.scope,
        first_years.year as from_year,
        last_years.year as to_year,
        sum(inner_years.patents)::bigint as patents,
        count(*) as years,
        round(sum(inner_years.patents ** 2) - sum(inner_years.patents) ** 2 / count(*), 6) as squared_error
    from yearly as first_years
    inner join yearly as last_years
        on first_years.scope = last_years.scope and first_years.year <= last_years.year
    inner join yearly as inner_years
        on
            first_years.scope = inner_years.scope
            and inner_years.year between first_years.year and last_years.year
    group by first_years.scope, first_years.year, last_years.year
),

-- the best cut of the years up to to_year into a number of stages: its error, and the first year of each stage;
-- of equally good cuts the one whose stages begin earliest
best(scope, stages, to_year, cut) as (
    select segments.scope, 1, segments.to_year, {'squared_error': squared_error, 'first_years': [segments.from_year]}
    from segments
    inner join declared on segments.from_year = declared.from_year
    union all
    select
        best.scope,
        best.stages + 1,
        segments.to_year,
        min({
            'squared_error': round(best.cut.squared_error + segments.squared_error, 6),
            'first_years': list_append(best.cut.first_years, segments.from_year)
        })
    from best
    inner join segments on best.scope = segments.scope and best.to_year + 1 = segments.from_year
    where best.stages < (select stages from declared)
    group by best.scope, best.stages, segments.to_year
),

optimal_starts as (
    select
        best.scope,
        unnest(best.cut.first_years) as from_year,
        generate_subscripts(best.cut.first_years, 1) as position
    from best
    inner join declared using (stages, to_year)
),

cuts as (
    select
        scopes.scope,
        'study' as method,
        stages.position,
        stages.from_year,
        stages.to_year
    from core.scopes as scopes
    cross join reference.stages as stages
    union all
    select
        optimal_starts.scope,
        'optimal' as method,
        optimal_starts.position,
        optimal_starts.from_year,
        coalesce(
            lead(optimal_starts.from_year) over (partition by optimal_starts.scope order by optimal_starts.position) - 1,
            declared.to_year
        ) as to_year
    from optimal_starts
    cross join declared
)

select
    cuts.scope,
    cuts.method,
    cuts.position::integer as position,
    stages.stage,
    cuts.from_year,
    cuts.to_year,
    segments.patents,
    segments.patents / segments.years as mean_per_year,
    segments.patents / segments.years
    / nullif(first_value(segments.patents / segments.years) over by_position, 0) as ratio_to_first,
    segments.squared_error
from cuts
inner join segments using (scope, from_year, to_year)
inner join reference.stages as stages on cuts.position = stages.position
window by_position as (partition by cuts.scope, cuts.method order by cuts.position)
order by cuts.scope, cuts.method desc, cuts.position
