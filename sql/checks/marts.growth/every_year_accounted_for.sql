-- A row is a scope whose defined and skipped rates are not as many as the steps from the first growth year to the
-- last.
-- @severity error
select
    scope,
    zero_rule,
    from_year,
    to_year,
    rates_defined,
    years_skipped
from marts.growth
where rates_defined + years_skipped != coalesce(to_year - from_year, 0)
order by scope, zero_rule
