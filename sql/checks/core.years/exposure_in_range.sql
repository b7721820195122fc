-- A row is a year whose exposure is not between 0 and 1, or a year of the window that the table lacks.
-- @severity error
select
    coalesce(years.year, window_years.year) as year,
    years.exposure
from core.years as years
full join reference.years as window_years using (year)
where years.exposure is null or years.exposure not between 0 and 1
order by year
