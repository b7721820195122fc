-- A row is a ratio outside its interval, or one that is missing although none of its four counts is 0.
-- @severity error
select
    scope,
    partner_before,
    partner_after,
    other_before,
    other_after,
    ratio
from marts.comparison_ratios
where
    (ratio is not null and not (low < ratio and ratio < high))
    or (ratio is null) = (least(partner_before, partner_after, other_before, other_after) > 0)
order by scope
