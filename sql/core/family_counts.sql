-- One row per scope, dimension, scheme and member with patents: its patents, counted whole, and the families they
-- belong to (core.patent_families). A family of one patent is that patent; only the others are looked at one by one.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | scope, year, country, region, province (national scope only), city, field or applicant
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | all for a scope, the year, else as in marts.counts; a field has every patent with a symbol in it
-- @column patents | patents of the member
-- @column families | families with a patent of the member; by year a family counts once, in its first year
-- @unit patents | patents
-- @unit families | families
-- @unique scope, dimension, scheme, member
with of_several as (
    select family_id
    from core.patents
    group by family_id
    having count(*) > 1
),

repeated as (
    select
        scopes.scope,
        scopes.scope = study.focal_country as is_national,
        patents.publication_number,
        patents.family_id,
        patents.counted_year,
        min(patents.counted_year) over (partition by scopes.scope, patents.family_id) as first_year
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    inner join of_several using (family_id)
    cross join reference.study as study
),

memberships as (
    select
        publication_number,
        null as province,
        'country' as dimension,
        null as scheme,
        country as member
    from core.patent_countries
    union all
    select
        members.publication_number,
        null,
        'region',
        null,
        coalesce(partners.region, '(no region)')
    from core.patent_countries as members
    left join reference.partners as partners on members.country = partners.iso2
    union all
    select
        publication_number,
        null,
        'province',
        null,
        province
    from core.patent_provinces
    union all
    select
        publication_number,
        province,
        'city',
        null,
        province || ' / ' || city
    from core.patent_cities
    union all
    select
        publication_number,
        null,
        'field',
        scheme,
        field_code
    from core.patent_fields
    union all
    select
        patents.publication_number,
        null,
        'applicant',
        null,
        coalesce(applicants.applicant, 'none stated')
    from core.patents as patents
    left join core.patent_applicants as applicants using (publication_number)
    union all
    select
        publication_number,
        null,
        'scope',
        null,
        'all'
    from core.patents
),

repeats as (
    select
        repeated.scope,
        members.dimension,
        members.scheme,
        members.member,
        count(distinct repeated.publication_number) - count(distinct repeated.family_id) as patents
    from repeated
    inner join memberships as members using (publication_number)
    where
        (members.dimension != 'province' or repeated.is_national)
        and (members.dimension != 'city' or repeated.is_national or members.province = repeated.scope)
    group by repeated.scope, members.dimension, members.scheme, members.member
    union all
    select
        scope,
        'year',
        null,
        counted_year::varchar,
        count(*) - count(distinct family_id) filter (counted_year = first_year)
    from repeated
    group by scope, counted_year
),

counted as (
    select
        scope,
        dimension,
        scheme,
        member,
        patents::bigint as patents
    from core.member_counts
    where counting = 'whole'
    union all
    select
        scope,
        'scope',
        null,
        'all',
        patents
    from core.scopes
    union all
    select
        scope,
        'year',
        null,
        year::varchar,
        patents
    from core.scope_years
)

select
    counted.scope,
    counted.dimension,
    counted.scheme,
    counted.member,
    counted.patents,
    counted.patents - coalesce(repeats.patents, 0) as families
from counted
left join repeats
    on
        counted.scope = repeats.scope
        and counted.dimension = repeats.dimension
        and counted.scheme is not distinct from repeats.scheme
        and counted.member = repeats.member
order by counted.scope, counted.dimension, counted.scheme, counted.member
