-- A row is a series of which a year after the first has neither a rate nor an empty year before it.
-- @severity error
select
    counts,
    rates_defined,
    years_skipped
from core.series_rates
where rates_defined + years_skipped != greatest(len(counts) - 1, 0)
order by counts
