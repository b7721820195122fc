-- One row per province, dimension and member of the nation, a partner country or a field (by the main
-- classification): the counts that tell whether the province has more or less to do with it than the nation.
-- @column scope | province, state or region
-- @column dimension | country or field
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | country code or field code
-- @column patents | patents of the province with the member (k), 0 included
-- @column scope_patents | patents of the province (n)
-- @column member_patents | patents of the nation with the member (K)
-- @column national_patents | patents of the nation (N)
-- @unique scope, dimension, scheme, member
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

select
    provinces.scope,
    national.dimension,
    national.scheme,
    national.member,
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
order by provinces.scope, national.dimension, national.scheme, national.member
