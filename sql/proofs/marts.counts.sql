-- A member of a scope in one counting: its patents, and what each of them gives it.
-- @take parts | core.member_parts.parts
-- @default counting = whole
-- @shows patents
with members as (
    select
        publication_number,
        part.numerator as numerator,
        part.denominator as denominator,
        part.numerator / part.denominator as weight
    from parts
    where
        scope = $scope
        and dimension = $dimension
        and scheme is not distinct from $scheme
        and member = $member
        and part.counting = $counting
        and part.numerator > 0
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

numbers as (
    select
        (select sum(weight) from members) as parts_of_patents,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high
)

select
    coalesce(parts_of_patents, 0) as patents,
    if($counting in ('whole', 'first_inventor', 'primary'), count_low, null) as low,
    if($counting in ('whole', 'first_inventor', 'primary'), count_high, null) as high
from numbers
