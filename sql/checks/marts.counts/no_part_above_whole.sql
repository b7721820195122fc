-- A row is a member that a counting gives more patents than whole counting does, or whose interval does not hold its
-- count.
-- @severity error
with whole as (
    select
        scope,
        dimension,
        scheme,
        member,
        patents
    from marts.counts
    where counting = 'whole'
)

select
    counts.scope,
    counts.dimension,
    counts.scheme,
    counts.member,
    counts.counting,
    counts.patents,
    counts.low,
    counts.high,
    whole.patents as whole_patents
from marts.counts as counts
left join whole
    on
        counts.scope = whole.scope
        and counts.dimension = whole.dimension
        and counts.scheme is not distinct from whole.scheme
        and counts.member = whole.member
where
    (counts.member != 'other' and coalesce(counts.patents > whole.patents + 1e-9, true))
    or coalesce(counts.patents not between counts.low and counts.high, false)
    or (counts.counting in ('whole', 'first_inventor', 'primary') and counts.low is null)
order by counts.scope, counts.dimension, counts.scheme, counts.member, counts.counting
