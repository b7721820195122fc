-- A row is a network whose fractions do not sum to its patents with at least one pair.
-- @severity error
with sides as (
    select
        network,
        publication_number,
        count(*) filter (side = 'left') as left_nodes,
        count(*) filter (side = 'right') as right_nodes
    from core.network_members
    group by network, publication_number
),

expected as (
    select
        network,
        count(*) as patents
    from sides
    where if(network = 'applicant-applicant', left_nodes > 1, left_nodes > 0 and right_nodes > 0)
    group by network
),

found as (
    select
        network,
        sum(fractional_patents) as fractional_patents
    from marts.network_edges
    group by network
)

select
    network,
    expected.patents,
    found.fractional_patents
from expected
full outer join found using (network)
where abs(coalesce(expected.patents, 0) - coalesce(found.fractional_patents, 0)) > 1e-6
order by network
