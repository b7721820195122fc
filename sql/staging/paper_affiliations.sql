-- One row per paper, author and institution, with the region of institutions in the focal country and in partner
-- countries: a city and region of OpenAlex, resolved as the addresses of inventors are.
-- @column work_id | OpenAlex's number of the work
-- @column author | position among the authors, from 1
-- @column institution_id | OpenAlex's number of the institution
-- @column institution | its name
-- @column country | its country, ISO 3166 code
-- @column is_focal | whether that is the focal country
-- @column is_partner | whether that is a country of the partner group
-- @column city_raw | city of the institution; null if OpenAlex has none
-- @column region_raw | region of the institution as OpenAlex names it; mostly null
-- @column province | of institutions in the focal country: ISO 3166-2 code, ambiguous or unresolved
-- @column partner_region | the same of institutions in partner countries
-- @column place_method | rule that decided
-- @unique work_id, author, institution_id
with affiliations as (
    select
        papers.work_id,
        entry.affiliation.author as author,
        entry.affiliation.institution_id as institution_id,
        entry.affiliation.institution as institution,
        entry.affiliation.country as country
    from lake.papers as papers, unnest(papers.affiliations) as entry (affiliation)
),

sides as (
    select
        affiliations.*,
        institutions.city as city_raw,
        institutions.region as region_raw,
        affiliations.country = study.focal_country
        or (affiliations.country = 'HK' and study.focal_country = 'CN' and study.hong_kong_as_cn) as is_focal,
        partners.iso2 is not null as is_listed
    from affiliations
    cross join reference.study as study
    left join lake.paper_institutions as institutions using (institution_id)
    left join reference.partners as partners on affiliations.country = partners.iso2
)

select
    sides.work_id,
    sides.author,
    sides.institution_id,
    sides.institution,
    sides.country,
    sides.is_focal,
    sides.is_listed and not sides.is_focal as is_partner,
    sides.city_raw,
    sides.region_raw,
    case
        when sides.is_focal
            then coalesce(places.province, if(places.method = 'ambiguous', 'ambiguous', 'unresolved'))
    end as province,
    case
        when sides.is_listed and not sides.is_focal
            then coalesce(abroad.partner_region, if(abroad.method = 'ambiguous', 'ambiguous', 'unresolved'))
    end as partner_region,
    if(sides.is_focal, places.method, abroad.method) as place_method
from sides
left join staging.place_resolution as places
    on
        sides.is_focal
        and sides.city_raw is not distinct from places.city_raw
        and sides.region_raw is not distinct from places.region_raw
left join staging.partner_places as abroad
    on
        not sides.is_focal
        and sides.country = abroad.country
        and sides.city_raw is not distinct from abroad.city_raw
        and sides.region_raw is not distinct from abroad.region_raw
order by sides.work_id, sides.author, sides.institution_id
