-- The row shows hits, duplicates and patents that do not meet: hits - duplicates = patents.
-- @severity error
with counted as (
    select
        (select count(*) from raw.uspto_hits) as hits,
        (select count(*) from core.hit_decisions where not is_kept) as duplicates,
        (select count(*) from core.patents) as patents
)

select
    hits,
    duplicates,
    patents
from counted
where hits - duplicates != patents
