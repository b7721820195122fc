-- A node of a network: its edges.
-- @names node = node_name
-- @shows strength
with edges as (
    select
        if(source = $node, target, source) as other,
        patents,
        if(source = $node, source_name, target_name) as node_name,
        if(source = $node or network = 'applicant-applicant', 'left', 'right') as side
    from marts.network_edges
    where network = $network and $node in (source, target)
),

positions as (
    select applicant, betweenness, community
    from marts.applicant_positions
    where $network = 'applicant-applicant' and applicant = $node
),

numbers as (
    select
        (select any_value(node_name) from edges) as node_name,
        (select any_value(side) from edges) as side,
        (select count(*) from edges) as degree,
        (select sum(patents) from edges) as strength,
        (select any_value(betweenness) from positions) as betweenness,
        (select any_value(community) from positions) as community
)

select
    node_name,
    side,
    degree,
    strength,
    betweenness,
    community
from numbers
