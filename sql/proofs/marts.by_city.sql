-- A city of a scope: its patents, and what each of them gives it in every counting.
-- @take parts | core.member_parts.parts
-- @shows patents
with members as (
    select
        publication_number,
        part.counting as counting,
        part.numerator as numerator,
        part.denominator as denominator,
        part.numerator / part.denominator as weight
    from parts
    where scope = $scope and dimension = 'city' and member = $province || ' / ' || $city
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

larger as (
    select province, city, patents
    from marts.by_city
    where scope = $scope and rank is not null and patents > $patents
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

numbers as (
    select
        (select sum(weight) from members where counting = 'whole') as patents,
        (select sum(weight) from members where counting = 'focal_only') as fractional_patents,
        (select count(*) from scope_members) as scope_patents,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high
)

select
    patents,
    count_low as low,
    count_high as high,
    fractional_patents,
    patents / scope_patents as share,
    if($city = 'not known', null, larger_members + 1) as rank
from numbers
