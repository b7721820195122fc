-- The members of a dimension of a scope, largest first: the first n, and the patents of each.
-- @take cumulated | marts.measures.cumulated
-- @take counted | core.member_years.counted
with members as (
    select n, member, patents
    from cumulated
    where dimension = $dimension and scope = $scope
),

memberships as (
    select counted.publication_number, members.n, counted.member
    from counted
    inner join members using (member)
    where counted.scope = $scope and 'by_' || concat_ws('.', counted.dimension, counted.scheme) = $dimension
),

scope_members as (
    select publication_number
    from core.patent_scopes
    where scope = $scope
),

numbers as (
    select
        (select count(*) from members) as members,
        (select count(*) from memberships where n = $n) as patents_of_the_nth,
        (select count(*) from memberships where n <= $n) as patents_of_the_first,
        (select count(*) from memberships where n > $n) as patents_of_the_others,
        (select count(*) from memberships) as patents_of_all,
        (select count(*) from scope_members) as scope_patents
)

select
    members,
    patents_of_the_nth as nth_patents,
    patents_of_the_first as top_patents,
    patents_of_the_first / scope_patents as top_share,
    patents_of_the_others as after_patents,
    patents_of_all as all_patents
from numbers
