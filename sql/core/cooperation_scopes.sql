-- One row per instrument of cooperation that the study has and scope: every scope with items of any instrument.
-- @column instrument | patents, papers or alliances
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @column items | its patents, papers or alliances; the base of shares
-- @unique instrument, scope
with instruments as (
    select 'patents' as instrument
    union all
    select distinct 'papers' as instrument from lake.paper_files
    union all
    select distinct 'alliances' as instrument from staging.alliances
),

scopes as (
    select scope from core.scopes
    union
    select scope from core.cooperation_members
),

counted as (
    select
        instrument,
        scope,
        count(distinct item) as items
    from core.cooperation_members
    group by instrument, scope
)

select
    instruments.instrument,
    scopes.scope,
    coalesce(counted.items, 0) as items
from instruments
cross join scopes
left join counted
    on instruments.instrument = counted.instrument and scopes.scope = counted.scope
order by instruments.instrument, items desc, scopes.scope
