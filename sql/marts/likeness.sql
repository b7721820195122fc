-- One row per province: whether it ranks its partner countries as the nation does. Compared are the countries among
-- the nation's first ten with which the province has patents; 1 = same order, 0 = unrelated, -1 = reversed.
-- @column scope | province, state or region
-- @column countries_compared | countries both have
-- @column rank_correlation | Spearman's: the correlation of the two ranks, ties sharing their mean rank; null if
--   fewer than two countries or no differences
-- @column rank_correlation_of_ten | the same over all of the nation's first ten countries, those without patents of the
--   province counted as 0
-- @unit countries | countries_compared
-- @unit correlation from -1 to 1 | rank_correlation, rank_correlation_of_ten
-- @unique scope
with compared as (
    select
        scope,
        member,
        patents,
        national_patents,
        unnest(if(patents > 0, ['first ten', 'shared'], ['first ten'])) as base
    from marts.specialisation
    where dimension = 'country' and national_rank <= 10
),

-- ties share their mean rank
ranked as (
    select
        scope,
        base,
        member,
        rank() over (partition by scope, base order by patents)
        + (count(*) over (partition by scope, base, patents) - 1) / 2 as own_rank,
        rank() over (partition by scope, base order by national_patents)
        + (count(*) over (partition by scope, base, national_patents) - 1) / 2 as national_rank
    from compared
),

correlated as (
    select
        scope,
        base,
        count(*) as countries,
        corr(own_rank, national_rank order by member) as correlation
    from ranked
    group by scope, base
)

select
    shared.scope,
    shared.countries as countries_compared,
    if(isfinite(shared.correlation), shared.correlation, null) as rank_correlation,
    if(isfinite(first_ten.correlation), first_ten.correlation, null) as rank_correlation_of_ten
from correlated as shared
inner join correlated as first_ten on shared.scope = first_ten.scope and first_ten.base = 'first ten'
where shared.base = 'shared'
order by shared.scope
