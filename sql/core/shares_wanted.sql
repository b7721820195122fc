-- One row per distinct share that an exact interval is wanted of.
-- @column part | how many have it
-- @column whole | of how many
-- @unique part, whole
with wanted as (
    select unnest([foreign_inventor, partner_inventor, distant_inventor]) as part, base as whole
    from core.foreign_involvement
)

select distinct
    part,
    whole
from wanted
order by whole, part
