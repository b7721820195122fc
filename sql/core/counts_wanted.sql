-- One row per distinct count of patents that an exact interval is wanted of.
-- @column patents | a count
-- @unique patents
select distinct patents
from core.scope_years
order by patents
