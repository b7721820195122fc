-- A partner country of a scope: its patents, and what each of them gives it in every counting.
-- @take parts | core.member_parts.parts
-- @names country = country_name
-- @shows patents
with members as (
    select
        publication_number,
        part.counting as counting,
        part.numerator as numerator,
        part.denominator as denominator,
        part.numerator / part.denominator as weight
    from parts
    where scope = $scope and dimension = 'country' and member = $country
),

bilateral as (
    select publication_number
    from members
    inner join core.patents using (publication_number)
    where counting = 'whole' and inventor_countries = 2
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

partner as (
    select iso2, name, region, searched, note
    from reference.partners
    where iso2 = $country
),

larger as (
    select country, patents
    from marts.by_country
    where scope = $scope and patents > $patents
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

share_limits as (
    select limits.part, limits.base, limits.low, limits.high
    from core.proportion_limits as limits
    inner join core.scopes as scopes on limits.base = scopes.patents
    where limits.part = $patents and scopes.scope = $scope
),

numbers as (
    select
        (select sum(weight) from members where counting = 'whole') as patents,
        (select sum(weight) from members where counting = 'partners_only') as fractional_patents,
        (select count(*) from bilateral) as bilateral_patents,
        (select count(*) from scope_members) as scope_patents,
        (select any_value(name) from partner) as name,
        (select any_value(region) from partner) as region,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high,
        (select any_value(low) from share_limits) as proportion_low,
        (select any_value(high) from share_limits) as proportion_high
)

select
    patents,
    name as country_name,
    region,
    count_low as low,
    count_high as high,
    fractional_patents,
    bilateral_patents as patents_bilateral,
    patents / scope_patents as share,
    proportion_low as share_low,
    proportion_high as share_high,
    larger_members + 1 as rank
from numbers
