-- One row per province: whether it ranks its partner countries as the nation does. Compared are the countries among
-- the nation's first ten with which the province has patents; 1 = same order, 0 = unrelated, -1 = reversed.
-- @column scope | province
-- @column countries_compared | countries both have
-- @column rank_correlation | Spearman's: the correlation of the two ranks, ties sharing their mean rank; null if
--   fewer than two countries or no differences
-- @unique scope
with shared as (
    select
        scope,
        patents,
        national_patents
    from marts.specialisation
    where national_rank <= 10 and patents > 0
),

ranked as (
    select
        scope,
        rank() over (partition by scope order by patents)
        + (count(*) over (partition by scope, patents) - 1) / 2 as own_rank,
        rank() over (partition by scope order by national_patents)
        + (count(*) over (partition by scope, national_patents) - 1) / 2 as national_rank
    from shared
)

select
    scope,
    count(*) as countries_compared,
    if(isfinite(corr(own_rank, national_rank)), corr(own_rank, national_rank), null) as rank_correlation
from ranked
group by scope
order by scope
