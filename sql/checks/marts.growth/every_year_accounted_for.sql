-- A row is a scope whose defined and skipped rates are not as many as the steps from the base year to the last.
-- @severity error
select
    scope,
    from_year,
    to_year,
    rates_defined,
    years_skipped
from marts.growth
where rates_defined + years_skipped != to_year - from_year
order by scope
