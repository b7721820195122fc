-- A row is a scope whose classes of ownership do not sum to its patents, over all periods or period by period.
-- @severity error
with counted as (
    select
        scope,
        sum(patents) filter (period = 'all') as all_periods,
        sum(patents) filter (period != 'all') as single_periods
    from marts.ownership
    group by scope
),

patents as (
    select
        scope,
        count(*) as patents
    from core.patent_scopes
    group by scope
)

select
    patents.scope,
    patents.patents,
    counted.all_periods,
    counted.single_periods
from patents
left join counted using (scope)
where
    patents.patents != coalesce(counted.all_periods, 0)
    or patents.patents != coalesce(counted.single_periods, 0)
order by patents.scope
