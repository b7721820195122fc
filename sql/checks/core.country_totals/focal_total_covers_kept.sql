-- The publications of the focal country are fewer than those that were kept because they have an inventor of it.
-- @severity error
with counted as (
    select coalesce(sum(publications) filter (where is_focal), 0) as focal_publications
    from core.country_totals
    having count(*) > 0
),

kept as (
    select sum(kept) as kept_publications
    from lake.files
)

select
    counted.focal_publications,
    kept.kept_publications
from counted
cross join kept
where counted.focal_publications < kept.kept_publications
