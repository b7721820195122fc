-- One row per scope: the nation (even without patents) and every province that has patents.
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @column scope_name | its name
-- @column is_national | whether this is the focal country as a whole
-- @column patents | patents of the scope, the base of its shares
-- @unit patents | patents
-- @unique scope
with counted as (
    select
        scope,
        count(*) as patents
    from core.patent_scopes
    group by scope
),

scopes as (
    select focal_country as scope from reference.study
    union
    select scope from counted
)

select
    scopes.scope,
    coalesce(provinces.name, countries.name, scopes.scope) as scope_name,
    countries.name is not null as is_national,
    coalesce(counted.patents, 0) as patents
from scopes
left join counted using (scope)
left join reference.provinces as provinces on scopes.scope = provinces.code
left join reference.countries as countries on scopes.scope = countries.iso2
order by is_national desc, patents desc, scopes.scope
