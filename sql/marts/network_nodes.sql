-- One row per network and node with at least one edge in marts.network_edges.
-- @column network | province-country, city-country or applicant-applicant
-- @column node | source or target of an edge
-- @column node_name | its name
-- @column side | left (province, city, applicant) or right (country)
-- @column degree | nodes it shares a patent with
-- @column strength | sum of the patents of its edges; a patent counts once for each of them
-- @column betweenness | shortest paths between two other applicants that run through it / shortest paths between the
--   two, summed over all pairs of others / number of such pairs (Freeman 1977), unweighted; beyond 1,000 applicants
--   estimated from as many of them; null in the other networks, which are stars by construction
-- @column community | number of its community, the largest first, by the Louvain method weighted with patents (Blondel
--   and others 2008); null in the other networks
-- @unit nodes | degree
-- @unit patents | strength
-- @unit fraction | betweenness
-- @unit number of a group, from 1 | community
-- @unique network, node
with ends as (
    select network, source as node, source_name as node_name, 'left' as side, patents from marts.network_edges
    union all
    select
        network,
        target as node,
        target_name as node_name,
        if(network = 'applicant-applicant', 'left', 'right') as side,
        patents
    from marts.network_edges
),

nodes as (
    select
        network,
        node,
        any_value(node_name) as node_name,
        any_value(side) as side,
        count(*) as degree,
        sum(patents)::bigint as strength
    from ends
    group by network, node
)

select
    nodes.network,
    nodes.node,
    nodes.node_name,
    nodes.side,
    nodes.degree,
    nodes.strength,
    positions.betweenness,
    positions.community
from nodes
left join marts.applicant_positions as positions
    on nodes.network = 'applicant-applicant' and nodes.node = positions.applicant
order by nodes.network, nodes.strength desc, nodes.node
