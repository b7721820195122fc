-- A row is a segment of one year whose patents are not those of the year.
-- @severity error
select
    segments.scope,
    segments.from_year,
    segments.patents,
    by_year.patents as patents_of_year
from core.year_segments as segments
inner join core.scope_years as by_year
    on segments.scope = by_year.scope and segments.from_year = by_year.year
where segments.years = 1 and (segments.patents != by_year.patents or segments.squared_error != 0)
order by segments.scope, segments.from_year
