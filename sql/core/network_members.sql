-- One row per network, patent and node of it: the provinces and cities of its focal inventors, its
-- partner countries, its applicants. Addresses that name no single province are in no network.
-- @column network | province-country, city-country or applicant-applicant
-- @column publication_number | patent
-- @column side | left (province, city, applicant) or right (country); applicants are all left
-- @column node | ISO 3166-2 code, province code and city, ISO 3166 code, or harmonised name
-- @column node_name | its name
-- @unique network, publication_number, node
with placed as (
    select
        members.publication_number,
        members.province,
        provinces.name
    from core.patent_provinces as members
    left join reference.provinces as provinces on members.province = provinces.code
    where members.province not in ('unresolved', 'ambiguous')
),

cities as (
    select distinct
        patents.publication_number,
        inventors.province,
        inventors.city
    from core.patents as patents
    inner join staging.inventors as inventors using (publication_number)
    where
        inventors.is_focal
        and inventors.city is not null
        and inventors.province not in ('unresolved', 'ambiguous')
),

countries as (
    select
        members.publication_number,
        members.country,
        partners.name
    from core.patent_countries as members
    left join reference.partners as partners on members.country = partners.iso2
),

bipartite as (
    select unnest(['province-country', 'city-country']) as network
)

select
    'province-country' as network,
    publication_number,
    'left' as side,
    province as node,
    coalesce(name, province) as node_name
from placed
union all
select
    'city-country' as network,
    publication_number,
    'left' as side,
    province || ' ' || city as node,
    city as node_name
from cities
union all
select
    bipartite.network,
    countries.publication_number,
    'right' as side,
    countries.country as node,
    coalesce(countries.name, countries.country) as node_name
from countries
cross join bipartite
union all
select
    'applicant-applicant' as network,
    publication_number,
    'left' as side,
    applicant as node,
    applicant as node_name
from core.patent_applicants
order by network, publication_number, side, node
