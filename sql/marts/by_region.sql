-- One row per scope and region of the partner group, regions without patents included.
-- @column scope | code of the focal country or of a province
-- @column region | region of the partner group
-- @column countries | countries of the group in the region
-- @column countries_with_patents | of which have patents in the scope
-- @column patents | whole counting: a patent counts once for each region of its partner countries
-- @column fractional_patents | each patent shared equally among its partner countries; sums to the scope's patents
-- @column share | patents / patents of the scope; null in an empty scope
-- @column rank | 1 = most patents; ties share a rank
-- @unique scope, region
with counted as (
    select
        scopes.scope,
        partners.region,
        count(distinct members.country) as countries_with_patents,
        count(distinct members.publication_number) as patents,
        sum(members.weight_fractional) as fractional_patents
    from core.patent_scopes as scopes
    inner join core.patent_countries as members using (publication_number)
    inner join reference.partners as partners on members.country = partners.iso2
    group by scopes.scope, partners.region
)

select
    scopes.scope,
    regions.region,
    regions.countries,
    coalesce(counted.countries_with_patents, 0) as countries_with_patents,
    coalesce(counted.patents, 0) as patents,
    coalesce(counted.fractional_patents, 0) as fractional_patents,
    coalesce(counted.patents, 0) / nullif(scopes.patents, 0) as share,
    rank() over (partition by scopes.scope order by coalesce(counted.patents, 0) desc) as rank
from core.scopes as scopes
cross join reference.regions as regions
left join counted using (scope, region)
order by scopes.scope, rank, regions.position
