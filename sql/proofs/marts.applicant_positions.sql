-- An applicant in the network of joint applicants: the edges of the whole network, which Python works it out of.
-- @key applicant
-- @python betweenness, community
-- @shows betweenness
with edges as (
    select network, source, target, patents
    from marts.network_edges
    where network = 'applicant-applicant'
),

numbers as (
    select (select count(*) from edges) as edges
)

select
    edges as betweenness,
    edges as community
from numbers
