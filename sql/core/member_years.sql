-- One row per scope, dimension, member and year: the patents of a member, whole counting, and of a field by the main
-- classification. What could not be placed, classified or named is no member.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | country, region, province (national scope only), city, field or applicant
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | as in marts.counts
-- @column year | year the patents count in
-- @column patents | patents of the member
-- @unit calendar year | year
-- @unit patents | patents
-- @unique scope, dimension, scheme, member, year
with memberships as (
    select
        publication_number,
        null as province,
        'country' as dimension,
        null as scheme,
        country as member
    from core.patent_countries
    union all
    select distinct
        members.publication_number,
        null,
        'region',
        null,
        partners.region
    from core.patent_countries as members
    inner join reference.partners as partners on members.country = partners.iso2
    union all
    select
        publication_number,
        null,
        'province',
        null,
        province
    from core.patent_provinces
    where province not in ('unresolved', 'ambiguous')
    union all
    select
        publication_number,
        province,
        'city',
        null,
        province || ' / ' || city
    from core.patent_cities
    where city != 'not known' and province not in ('unresolved', 'ambiguous')
    union all
    select
        publication_number,
        null,
        'field',
        scheme,
        field_code
    from core.patent_fields
    where is_primary and field_code not in ('unmapped', 'none')
    union all
    select
        publication_number,
        null,
        'applicant',
        null,
        applicant
    from core.patent_applicants
),

counted as (
    select
        scopes.scope,
        members.dimension,
        members.scheme,
        members.member,
        patents.counted_year as year,
        patents.publication_number
    from core.patent_scopes as scopes
    inner join core.patents as patents on scopes.publication_number = patents.publication_number
    inner join memberships as members on scopes.publication_number = members.publication_number
    cross join reference.study as study
    where
        (members.dimension != 'province' or scopes.scope = study.focal_country)
        and (members.dimension != 'city' or scopes.scope in (study.focal_country, members.province))
)

select
    scope,
    dimension,
    scheme::varchar as scheme,
    member,
    year,
    count(*) as patents
from counted
group by scope, dimension, scheme, member, year
order by scope, dimension, scheme, member, year
