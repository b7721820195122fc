-- One row per distinct count of patents that an exact interval is wanted of.
-- @column patents | a count
-- @unit patents | patents
-- @unique patents
select patents
from core.scope_years
union
select 0 as patents
union
select patents
from core.stage_spans
union
select sum(numerator)::bigint as patents
from core.member_parts
where counting in ('whole', 'first_inventor', 'primary')
group by scope, dimension, scheme, member, counting
union
select families as patents
from core.family_counts
order by patents
