-- A row is a scope whose compound rate does not lead from the patents of the first growth year to those of the last,
-- or whose mean rate is below it although no rate is undefined.
-- @severity error
select
    growth.scope,
    growth.zero_rule,
    growth.cagr,
    growth.mean_yearly_rate,
    first_year.patents as first_patents,
    last_year.patents as last_patents
from marts.growth as growth
inner join core.scope_years as first_year
    on growth.scope = first_year.scope and growth.from_year = first_year.year
inner join core.scope_years as last_year
    on growth.scope = last_year.scope and growth.to_year = last_year.year
where
    abs(first_year.patents * pow(1 + growth.cagr, growth.to_year - growth.from_year) - last_year.patents)
    > 1e-9 * greatest(1, last_year.patents)
    or (growth.years_skipped = 0 and growth.mean_yearly_rate < growth.cagr - 1e-9)
order by growth.scope, growth.zero_rule
