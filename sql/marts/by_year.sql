-- One row per scope and year of the window, years without patents included.
-- @column scope | code of the focal country or of a province
-- @column year | year of publication
-- @column patents | patents published in the year
-- @column growth_rate | patents / patents of the year before - 1; null in the first year and after an empty one
-- @column cumulative | patents up to and including the year
-- @column is_whole | whether the window covers the whole year; the last year of a window often falls short
-- @unique scope, year
with counted as (
    select
        scopes.scope,
        patents.year,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    group by scopes.scope, patents.year
),

series as (
    select
        scopes.scope,
        years.year,
        years.is_whole,
        coalesce(counted.patents, 0) as patents
    from core.scopes as scopes
    cross join reference.years as years
    left join counted using (scope, year)
)

select
    scope,
    year,
    patents,
    patents / nullif(lag(patents) over by_scope, 0) - 1 as growth_rate,
    (sum(patents) over by_scope)::bigint as cumulative,
    is_whole
from series
window by_scope as (partition by scope order by year)
order by scope, year
