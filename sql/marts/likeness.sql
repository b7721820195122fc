-- One row per province: whether it ranks its partner countries as the nation does. Compared are the countries among
-- the nation's first ten with which the province has patents; 1 = same order, 0 = unrelated, -1 = reversed.
-- @column scope | province
-- @column countries_compared | countries both have
-- @column rank_correlation | Spearman's: the correlation of the two ranks, ties sharing their mean rank; null if
--   fewer than two countries or no differences
-- @column rank_correlation_of_ten | the same over all of the nation's first ten countries, those without patents of the
--   province counted as 0
-- @unit countries | countries_compared
-- @unique scope
with first_ten as (
    select
        scope,
        member,
        patents,
        national_patents
    from marts.specialisation
    where dimension = 'country' and national_rank <= 10
),

ranked_ten as (
    select
        scope,
        member,
        rank() over (partition by scope order by patents)
        + (count(*) over (partition by scope, patents) - 1) / 2 as own_rank,
        rank() over (partition by scope order by national_patents)
        + (count(*) over (partition by scope, national_patents) - 1) / 2 as national_rank
    from first_ten
),

over_ten as (
    select
        scope,
        corr(own_rank, national_rank order by member) as correlation
    from ranked_ten
    group by scope
),

shared as (
    select
        scope,
        member,
        patents,
        national_patents
    from marts.specialisation
    where dimension = 'country' and national_rank <= 10 and patents > 0
),

ranked as (
    select
        scope,
        member,
        rank() over (partition by scope order by patents)
        + (count(*) over (partition by scope, patents) - 1) / 2 as own_rank,
        rank() over (partition by scope order by national_patents)
        + (count(*) over (partition by scope, national_patents) - 1) / 2 as national_rank
    from shared
),

over_shared as (
    select
        scope,
        count(*) as countries_compared,
        corr(own_rank, national_rank order by member) as correlation
    from ranked
    group by scope
)

select
    over_shared.scope,
    over_shared.countries_compared,
    if(isfinite(over_shared.correlation), over_shared.correlation, null) as rank_correlation,
    if(isfinite(over_ten.correlation), over_ten.correlation, null) as rank_correlation_of_ten
from over_shared
inner join over_ten using (scope)
order by over_shared.scope
