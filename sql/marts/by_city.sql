-- One row per scope and prefecture-level city where focal inventors of its patents live. Inventors whose address
-- names a province but no city stand under the city not known, so that nothing vanishes.
-- @column scope | code of the focal country or of a province
-- @column province | ISO 3166-2 code of the city's province; unresolved or ambiguous in the national scope
-- @column city | prefecture-level city, or not known
-- @column patents | whole counting: a patent counts once for each city of its focal inventors in the scope
-- @column fractional_patents | each patent shared among its focal inventors in the scope; sums to the scope's patents
-- @column share | patents / patents of the scope; shares sum to more than 1 where patents have several cities
-- @column rank | 1 = most patents; ties share a rank; null for the city not known
-- @unique scope, province, city
with focal as (
    select
        patents.publication_number,
        inventors.province,
        coalesce(inventors.city, 'not known') as city
    from core.patents as patents
    inner join staging.inventors as inventors using (publication_number)
    where inventors.is_focal
),

scoped as (
    select
        study.focal_country as scope,
        focal.publication_number,
        focal.province,
        focal.city
    from focal
    cross join reference.study as study
    union all
    select
        province as scope,
        publication_number,
        province,
        city
    from focal
    where province not in ('unresolved', 'ambiguous')
),

memberships as (
    select
        scope,
        publication_number,
        province,
        city,
        count(*) / sum(count(*)) over (partition by scope, publication_number) as weight_fractional
    from scoped
    group by scope, publication_number, province, city
),

counted as (
    select
        scope,
        province,
        city,
        city = 'not known' as is_unknown,
        count(*) as patents,
        sum(weight_fractional) as fractional_patents
    from memberships
    group by scope, province, city
)

select
    counted.scope,
    counted.province,
    counted.city,
    counted.patents,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    case
        when not counted.is_unknown
            then rank() over (partition by counted.scope, counted.is_unknown order by counted.patents desc)
    end as rank
from counted
inner join core.scopes as scopes using (scope)
order by counted.scope, counted.is_unknown, rank, counted.province, counted.city
