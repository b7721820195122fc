-- A row is a scope and instrument whose countries do not sum to its memberships, or a share outside 0 to 1.
-- @severity error
with counted as (
    select
        scope,
        instrument,
        sum(count) filter (dimension = 'country') as memberships,
        min(share) as smallest,
        max(share) as largest
    from marts.cooperation_profile
    group by scope, instrument
),

members as (
    select scope, instrument, count(*) as memberships
    from core.cooperation_members
    group by scope, instrument
)

select
    members.scope,
    members.instrument,
    members.memberships,
    counted.memberships as found,
    counted.smallest,
    counted.largest
from members
left join counted using (scope, instrument)
where
    counted.memberships is distinct from members.memberships
    or counted.smallest < 0
    or counted.largest > 1
order by members.scope, members.instrument
