-- A region of the partner group in a scope: its patents, and what each of them gives it in every counting.
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
    where scope = $scope and dimension = 'region' and member = $region
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

region_countries as (
    select iso2 as country, name, searched, note
    from reference.partners
    where region = $region
),

countries_there as (
    select country, patents
    from marts.by_country
    where scope = $scope and region = $region
),

larger as (
    select region, patents
    from marts.by_region
    where scope = $scope and patents > $patents
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

numbers as (
    select
        (select sum(weight) from members where counting = 'whole') as whole_patents,
        (select sum(weight) from members where counting = 'partners_only') as parts_of_patents,
        (select count(*) from scope_members) as scope_patents,
        (select count(*) from region_countries) as countries,
        (select count(*) from countries_there) as countries_there,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high
)

select
    coalesce(whole_patents, 0) as patents,
    countries,
    countries_there as countries_with_patents,
    coalesce(parts_of_patents, 0) as fractional_patents,
    count_low as low,
    count_high as high,
    coalesce(whole_patents, 0) / nullif(scope_patents, 0) as share,
    larger_members + 1 as rank
from numbers
