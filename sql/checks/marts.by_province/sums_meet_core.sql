-- The row shows provinces that do not sum to the memberships, or fractions that do not sum to the patents.
-- @severity error
with counted as (
    select
        coalesce(sum(patents), 0) as patents,
        coalesce(sum(fractional_patents), 0) as fractional_patents
    from marts.by_province
)

select
    patents,
    fractional_patents,
    (select count(*) from core.patent_provinces) as memberships,
    (select count(*) from core.patents) as all_patents
from counted
where
    patents != (select count(*) from core.patent_provinces)
    or abs(fractional_patents - (select count(*) from core.patents)) > 1e-6
