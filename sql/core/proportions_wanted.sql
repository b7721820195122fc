-- One row per distinct pair of a count and its base that an exact interval of the proportion is wanted of.
-- @column part | count
-- @column base | what it is a part of
-- @unique part, base
with counted as (
    select
        scope,
        dimension,
        scheme,
        member,
        sum(numerator)::bigint as patents
    from core.member_parts
    where (dimension in ('country', 'province') and counting = 'whole') or counting = 'primary'
    group by scope, dimension, scheme, member
)

select
    counted.patents as part,
    scopes.patents as base
from counted
inner join core.scopes as scopes using (scope)
where scopes.patents > 0
union
-- a scope's part of a member of the nation
select
    patents as part,
    member_patents as base
from core.member_margins
union
-- how much of a scope's inventing involves somebody abroad
select
    unnest([foreign_inventor, partner_inventor, distant_inventor]) as part,
    base
from core.foreign_involvement
order by part, base
