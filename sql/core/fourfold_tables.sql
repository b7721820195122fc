-- One row per distinct two-by-two table that an exact test is wanted of: a province against the nation, a member
-- against the others.
-- @column patents | patents of the province with the member (k)
-- @column scope_patents | patents of the province (n)
-- @column member_patents | patents of the nation with the member (K)
-- @column national_patents | patents of the nation (N)
-- @unit patents | patents, scope_patents, member_patents, national_patents
-- @unique patents, scope_patents, member_patents, national_patents
with counted as (
    select
        scope,
        dimension,
        scheme,
        member,
        sum(patents)::bigint as patents
    from core.member_years
    where dimension in ('country', 'field')
    group by scope, dimension, scheme, member
)

select distinct
    coalesce(own.patents, 0) as patents,
    provinces.patents as scope_patents,
    national.patents as member_patents,
    nation.patents as national_patents
from counted as national
inner join core.scopes as nation on national.scope = nation.scope and nation.is_national
cross join core.scopes as provinces
left join counted as own
    on
        provinces.scope = own.scope
        and national.dimension = own.dimension
        and national.scheme is not distinct from own.scheme
        and national.member = own.member
where not provinces.is_national
order by patents, scope_patents, member_patents, national_patents
