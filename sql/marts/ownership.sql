-- One row per scope, period and class of ownership: on which side the co-inventions are owned.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column period | all; before 2012-09-16 and since 2012-09-16 by the filing date, because the rule of who applies
--   changed on that day; filing date unknown, where there is such a patent
-- @column ownership | class as in core.patent_ownership; every class, empty ones included
-- @column patents | patents of the scope and period in the class; the classes sum to the patents of the period
-- @column share | patents / patents of the scope and period with a stated owner; null for none stated
-- @unit patents | patents
-- @unit fraction | share
-- @unique scope, period, ownership
with classes as (
    select unnest([
        'focal owner', 'partner owner', 'joint', 'same firm on both sides', 'third country', 'none stated'
    ]) as ownership
),

owned as (
    select
        scopes.scope,
        ownership.period,
        ownership.ownership
    from core.patent_scopes as scopes
    inner join core.patent_ownership as ownership using (publication_number)
    union all
    select
        scopes.scope,
        'all' as period,
        ownership.ownership
    from core.patent_scopes as scopes
    inner join core.patent_ownership as ownership using (publication_number)
),

periods as (
    select
        scope,
        period,
        count(*) filter (ownership != 'none stated') as stated
    from owned
    group by scope, period
),

counted as (
    select
        scope,
        period,
        ownership,
        count(*) as patents
    from owned
    group by scope, period, ownership
)

select
    periods.scope,
    periods.period,
    classes.ownership,
    coalesce(counted.patents, 0) as patents,
    case
        when classes.ownership != 'none stated' then coalesce(counted.patents, 0) / nullif(periods.stated, 0)
    end as share
from periods
cross join classes
left join counted using (scope, period, ownership)
order by periods.scope, periods.period, patents desc, classes.ownership
