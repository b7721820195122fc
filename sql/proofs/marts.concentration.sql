-- How concentrated the patents of a scope are: its members with their patents, largest first.
-- @take counted | core.member_years.counted
-- @default base = patents
-- @default year = None
-- @shows cr5
with memberships as (
    select publication_number, member
    from counted
    where
        scope = $scope
        and dimension = $dimension
        and scheme is not distinct from $scheme
        and ($year is null or year = $year)
),

ordered as (
    select
        member,
        count(*) as patents,
        count(*) / sum(count(*)) over () as share_of_memberships,
        row_number() over (order by count(*) desc, member) as place
    from memberships
    group by member
),

scope_members as (
    select scopes.publication_number
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    where scopes.scope = $scope and ($year is null or patents.counted_year = $year)
),

numbers as (
    select
        (select count(*) from ordered) as members,
        (select count(*) from memberships) as memberships,
        (select count(*) from scope_members) as scope_patents,
        (select sum(patents) from ordered where place <= 1) as largest_1,
        (select sum(patents) from ordered where place <= 3) as largest_3,
        (select sum(patents) from ordered where place <= 5) as largest_5,
        (select sum(share_of_memberships * share_of_memberships) from ordered) as sum_of_squares,
        (select -sum(share_of_memberships * ln(share_of_memberships)) from ordered) as sum_of_logarithms,
        (select sum((2 * (1 + (select count(*) from ordered) - place) - (select count(*) from ordered) - 1) * patents)
        from ordered) as weighted_sum
)

select
    members,
    largest_1 / if($base = 'patents', scope_patents, memberships) as cr1,
    largest_3 / if($base = 'patents', scope_patents, memberships) as cr3,
    largest_5 / if($base = 'patents', scope_patents, memberships) as cr5,
    if($base = 'patents', null, sum_of_squares) as hhi,
    if($base = 'patents', null, (sum_of_squares - 1 / members) / nullif(1 - 1 / members, 0)) as hhi_normalised,
    if($base = 'patents', null, 1 / sum_of_squares) as effective_number,
    if($base = 'patents', null, sum_of_logarithms) as entropy,
    if($base = 'patents', null, weighted_sum / (members * memberships)) as gini
from numbers
