-- An edge of a network: the patents both nodes share, those of each node, and all that have a pair.
-- @take pairs | marts.network_edges.pairs
-- @names source = source_name
-- @shows patents
with network as (
    select publication_number, source, target, source_name, target_name, fraction as weight
    from pairs
    where network = $network
),

edge as (
    select publication_number, source_name, target_name, weight
    from network
    where source = $source and target = $target
),

of_source as (
    select distinct publication_number
    from network
    where $source in (source, target)
),

of_target as (
    select distinct publication_number
    from network
    where $target in (source, target)
),

with_a_pair as (
    select distinct publication_number
    from network
),

numbers as (
    select
        (select count(*) from edge) as patents,
        (select sum(weight) from edge) as fractional_patents,
        (select any_value(source_name) from edge) as source_name,
        (select any_value(target_name) from edge) as target_name,
        (select count(*) from of_source) as source_patents,
        (select count(*) from of_target) as target_patents,
        (select count(*) from with_a_pair) as network_patents
)

select
    source_name,
    target_name,
    patents,
    fractional_patents,
    network_patents * patents / (source_patents * target_patents) as association_strength,
    patents / sqrt(source_patents * target_patents) as salton
from numbers
