-- The patents of a scope in the years of all its stages.
with members as (
    select patents.publication_number, stages.stage
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    inner join marts.stages as stages on patents.counted_year between stages.from_year and stages.to_year
    where scopes.scope = $scope and stages.scope = $scope and stages.method = $method
),

numbers as (
    select (select count(*) from members) as patents
)

select patents as total_patents
from numbers
