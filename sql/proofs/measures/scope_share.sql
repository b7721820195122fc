-- The patents of a scope, and all patents.
with members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

all_members as (
    select publication_number
    from core.patents
),

numbers as (
    select
        (select count(*) from members) as patents,
        (select count(*) from all_members) as all_patents
)

select patents / nullif(all_patents, 0) as share
from numbers
