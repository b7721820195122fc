-- A row is an option and scope whose years hold more patents than it has.
-- @severity error
with series as (
    select
        choice,
        option,
        scope,
        sum(patents) as patents
    from core.option_series
    group by choice, option, scope
),

units as (
    select
        choice,
        option,
        scope,
        count(distinct unit) as patents
    from core.option_scopes
    group by choice, option, scope
)

select
    series.choice,
    series.option,
    series.scope,
    series.patents,
    coalesce(units.patents, 0) as expected
from series
left join units using (choice, option, scope)
where series.patents > coalesce(units.patents, 0)
order by series.choice, series.option, series.scope
