-- A row is a network whose nodes do not add up to both ends of its edges.
-- @severity error
with edges as (
    select
        network,
        2 * count(*) as ends,
        2 * sum(patents) as strength
    from marts.network_edges
    group by network
),

nodes as (
    select
        network,
        sum(degree) as ends,
        sum(strength) as strength
    from marts.network_nodes
    group by network
)

select
    network,
    edges.ends,
    nodes.ends as ends_of_nodes,
    edges.strength,
    nodes.strength as strength_of_nodes
from edges
full outer join nodes using (network)
where edges.ends is distinct from nodes.ends or edges.strength is distinct from nodes.strength
order by network
