-- One row per scope and partner country with patents.
-- @column scope | code of the focal country or of a province
-- @column country | partner country, ISO 3166 code
-- @column country_name | its name
-- @column region | its region in the partner group
-- @column patents | whole counting: a patent counts once for each of its partner countries
-- @column fractional_patents | each patent shared equally among its partner countries; sums to the scope's patents
-- @column share | patents / patents of the scope; shares sum to more than 1 where patents have several countries
-- @column rank | 1 = most patents; ties share a rank
-- @unique scope, country
with counted as (
    select
        scopes.scope,
        members.country,
        count(*) as patents,
        sum(members.weight_fractional) as fractional_patents
    from core.patent_scopes as scopes
    inner join core.patent_countries as members using (publication_number)
    group by scopes.scope, members.country
)

select
    counted.scope,
    counted.country,
    coalesce(partners.name, counted.country) as country_name,
    partners.region,
    counted.patents,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    rank() over (partition by counted.scope order by counted.patents desc) as rank
from counted
inner join core.scopes as scopes using (scope)
left join reference.partners as partners on counted.country = partners.iso2
order by counted.scope, rank, counted.country
