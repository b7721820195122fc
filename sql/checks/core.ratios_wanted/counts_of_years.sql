-- A row is a pair of stages one of which has no years.
-- @severity error
select
    patents,
    years,
    previous_patents,
    previous_years
from core.ratios_wanted
where years < 1 or previous_years < 1
order by patents, years, previous_patents, previous_years
