-- One row per network and pair of nodes that share a patent, over the patents of the nation. Networks: province-country
-- and city-country (where the focal inventors live, and the partner countries), applicant-applicant (organisations of
-- one patent). The base T of a network are its patents with at least one pair.
-- @column network | province-country, city-country or applicant-applicant
-- @column source | province, city (its province before it) or applicant; of two applicants the first in the alphabet
-- @column target | partner country or applicant
-- @column source_name | name of the source
-- @column target_name | name of the target
-- @column patents | patents with both
-- @column fractional_patents | each patent divided equally among its pairs; sums to T over a network
-- @column association_strength | T * patents / (patents of the source in T * patents of the target in T): 1 where the
--   pair is as frequent as chance would have it (van Eck and Waltman 2009, times T)
-- @column salton | patents / sqrt(patents of the source in T * patents of the target in T)
-- @unit patents | patents, fractional_patents
-- @unit fraction | salton
-- @unit ratio | association_strength
-- @unique network, source, target
with pairs as (
    select
        sources.network,
        sources.publication_number,
        sources.node as source,
        targets.node as target,
        sources.node_name as source_name,
        targets.node_name as target_name,
        1.0 / count(*) over (partition by sources.network, sources.publication_number) as fraction
    from core.network_members as sources
    inner join core.network_members as targets using (network, publication_number)
    where
        (sources.side = 'left' and targets.side = 'right')
        or (sources.network = 'applicant-applicant' and sources.node < targets.node)
),

linked as (
    select network, publication_number, source as node from pairs
    union
    select network, publication_number, target from pairs
),

node_patents as (
    select
        network,
        node,
        count(*) as patents
    from linked
    group by network, node
),

network_patents as (
    select
        network,
        count(distinct publication_number) as patents
    from pairs
    group by network
),

edges as (
    select
        network,
        source,
        target,
        any_value(source_name) as source_name,
        any_value(target_name) as target_name,
        count(*) as patents,
        fsum(fraction order by fraction) as fractional_patents
    from pairs
    group by network, source, target
)

select
    edges.network,
    edges.source,
    edges.target,
    edges.source_name,
    edges.target_name,
    edges.patents,
    edges.fractional_patents,
    network_patents.patents * edges.patents / (sources.patents * targets.patents) as association_strength,
    edges.patents / sqrt(sources.patents * targets.patents) as salton
from edges
inner join network_patents using (network)
inner join node_patents as sources on edges.network = sources.network and edges.source = sources.node
inner join node_patents as targets on edges.network = targets.network and edges.target = targets.node
order by edges.network, edges.patents desc, edges.source, edges.target
