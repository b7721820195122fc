-- The partner countries that a province and the nation are compared over, ranked by each.
-- @take ranked | marts.likeness.ranked
-- @shows rank_correlation
with countries as (
    select member as country, own_rank, national_rank
    from ranked
    where scope = $scope and base = 'shared'
),

ten_countries as (
    select member as country, own_rank, national_rank
    from ranked
    where scope = $scope and base = 'first ten'
),

numbers as (
    select
        (select count(*) from countries) as countries,
        (select corr(own_rank, national_rank) from countries) as correlation,
        (select corr(own_rank, national_rank) from ten_countries) as correlation_of_ten
)

select
    countries as countries_compared,
    if(isfinite(correlation), correlation, null) as rank_correlation,
    if(isfinite(correlation_of_ten), correlation_of_ten, null) as rank_correlation_of_ten
from numbers
