-- A technical field of a scope: its patents, and what each of them gives it in every counting.
-- @take parts | core.member_parts.parts
-- @names field_code = field
-- @default scheme = paper
-- @shows patents
with members as (
    select
        publication_number,
        part.counting as counting,
        part.numerator as numerator,
        part.denominator as denominator,
        part.numerator / part.denominator as weight
    from parts
    where
        scope = $scope
        and dimension = 'field'
        and scheme = $scheme
        and member = $field_code
        and part.numerator > 0
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

field_names as (
    select field_code, field
    from core.patent_fields
    where scheme = $scheme and field_code = $field_code
),

larger as (
    select field_code, patents
    from marts.by_field
    where scope = $scope and scheme = $scheme and rank is not null and patents > $patents
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
        (select sum(weight) from members where counting = 'primary') as primary_patents,
        (select sum(weight) from members where counting = 'whole') as patents_whole,
        (select sum(weight) from members where counting = 'fractional') as fractional_patents,
        (select count(*) from scope_members) as scope_patents,
        (select min(field) from field_names) as field,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high,
        (select any_value(low) from share_limits) as proportion_low,
        (select any_value(high) from share_limits) as proportion_high
)

select
    coalesce(primary_patents, 0) as patents,
    field,
    count_low as low,
    count_high as high,
    patents_whole,
    fractional_patents,
    coalesce(primary_patents, 0) / scope_patents as share,
    proportion_low as share_low,
    proportion_high as share_high,
    if($field_code in ('unmapped', 'none'), null, larger_members + 1) as rank
from numbers
