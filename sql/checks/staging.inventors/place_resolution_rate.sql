-- The row says that more than a tenth of the focal country's inventors could not be put into one province.
-- @severity warn
with counted as (
    select
        count(*) as focal_inventors,
        count(*) filter (province = 'unresolved') as unresolved,
        count(*) filter (province = 'ambiguous') as ambiguous
    from staging.inventors
    where is_focal
)

select
    focal_inventors,
    unresolved,
    ambiguous,
    (unresolved + ambiguous) / focal_inventors as share
from counted
where unresolved + ambiguous > 0.1 * focal_inventors
