-- One row per scope, dimension, member, counting and denominator: what the patents give a member, as whole numbers. A
-- patent gives numerator / denominator; those of one denominator are summed, so that every sum is exact and the same
-- on any number of threads. What the countings mean is said in marts.counts.
-- The only province of a city state has the code of the nation; its one scope is the nation's.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | country, region, province, city, field or applicant
-- @column scheme | paper, ipc_section, wipo35 or wipo5; null but for fields
-- @column member | country code, region, province code, province / city, field code, harmonised applicant, none
--   stated, or other
-- @column counting | whole, fractional_inventors, fractional_countries, partners_only, focal_only, first_inventor,
--   primary or fractional
-- @column denominator | inventors, countries, fields or applicants the patents are divided by
-- @column numerator | sum of the numerators of the patents with that denominator
-- @unique scope, dimension, scheme, member, counting, denominator
with scoped as (
    select
        scopes.scope,
        patents.publication_number,
        patents.inventors,
        patents.partner_inventors,
        patents.partner_countries,
        patents.inventor_countries,
        patents.first_inventor,
        coalesce(provinces.inventors, patents.focal_inventors) as focal_inventors,
        coalesce(provinces.is_first_inventor, patents.first_inventor = 'focal') as is_first_focal,
        provinces.province is null as is_national
    from core.patent_scopes as scopes
    inner join core.patents as patents using (publication_number)
    cross join reference.study as study
    left join core.patent_provinces as provinces
        on
            scopes.publication_number = provinces.publication_number
            and scopes.scope = provinces.province
            and scopes.scope != study.focal_country
),

countries as (
    select
        scoped.scope,
        scoped.publication_number,
        members.country,
        coalesce(partners.region, '(no region)') as region,
        members.inventors as there,
        members.is_first_inventor,
        scoped.inventors,
        scoped.partner_inventors,
        scoped.inventor_countries
    from scoped
    inner join core.patent_countries as members using (publication_number)
    left join reference.partners as partners on members.country = partners.iso2
),

regions as (
    select
        scope,
        publication_number,
        region,
        count(*) as countries,
        sum(there)::bigint as there,
        bool_or(is_first_inventor) as is_first_inventor,
        any_value(inventors) as inventors,
        any_value(partner_inventors) as partner_inventors,
        any_value(inventor_countries) as inventor_countries
    from countries
    group by scope, publication_number, region
),

cities as (
    select
        scoped.scope,
        scoped.publication_number,
        members.province || ' / ' || members.city as member,
        members.inventors as there,
        members.is_first_inventor,
        scoped.inventors,
        scoped.focal_inventors
    from scoped
    inner join core.patent_cities as members using (publication_number)
    where scoped.is_national or members.province = scoped.scope
),

parts as (
    select
        scope,
        publication_number,
        'country' as dimension,
        null as scheme,
        country as member,
        unnest([
            {'counting': 'whole', 'numerator': 1, 'denominator': 1},
            {'counting': 'fractional_inventors', 'numerator': there, 'denominator': inventors},
            {'counting': 'fractional_countries', 'numerator': 1, 'denominator': inventor_countries},
            {'counting': 'partners_only', 'numerator': there, 'denominator': partner_inventors},
            {'counting': 'first_inventor', 'numerator': is_first_inventor::bigint, 'denominator': 1}
        ]) as part
    from countries
    union all
    select
        scope,
        publication_number,
        'region',
        null,
        region,
        unnest([
            {'counting': 'whole', 'numerator': 1, 'denominator': 1},
            {'counting': 'fractional_inventors', 'numerator': there, 'denominator': inventors},
            {'counting': 'fractional_countries', 'numerator': countries, 'denominator': inventor_countries},
            {'counting': 'partners_only', 'numerator': there, 'denominator': partner_inventors},
            {'counting': 'first_inventor', 'numerator': is_first_inventor::bigint, 'denominator': 1}
        ])
    from regions
    union all
    -- inventors of the focal country and of third ones
    select
        scoped.scope,
        scoped.publication_number,
        dimensions.dimension,
        null,
        'other',
        unnest([
            {
                'counting': 'fractional_inventors',
                'numerator': scoped.inventors - scoped.partner_inventors,
                'denominator': scoped.inventors
            },
            {
                'counting': 'fractional_countries',
                'numerator': scoped.inventor_countries - scoped.partner_countries,
                'denominator': scoped.inventor_countries
            },
            {
                'counting': 'first_inventor',
                'numerator': (scoped.first_inventor != 'partner')::bigint,
                'denominator': 1
            }
        ])
    from scoped
    cross join (select unnest(['country', 'region']) as dimension) as dimensions
    union all
    select
        scoped.scope,
        scoped.publication_number,
        'province',
        null,
        members.province,
        unnest([
            {'counting': 'whole', 'numerator': 1, 'denominator': 1},
            {'counting': 'fractional_inventors', 'numerator': members.inventors, 'denominator': scoped.inventors},
            {'counting': 'focal_only', 'numerator': members.inventors, 'denominator': scoped.focal_inventors},
            {'counting': 'first_inventor', 'numerator': members.is_first_inventor::bigint, 'denominator': 1}
        ])
    from scoped
    inner join core.patent_provinces as members using (publication_number)
    where scoped.is_national
    union all
    select
        scope,
        publication_number,
        'city',
        null,
        member,
        unnest([
            {'counting': 'whole', 'numerator': 1, 'denominator': 1},
            {'counting': 'fractional_inventors', 'numerator': there, 'denominator': inventors},
            {'counting': 'focal_only', 'numerator': there, 'denominator': focal_inventors},
            {'counting': 'first_inventor', 'numerator': is_first_inventor::bigint, 'denominator': 1}
        ])
    from cities
    union all
    -- inventors abroad, and in the scope of a province those in other provinces
    select
        scoped.scope,
        scoped.publication_number,
        dimensions.dimension,
        null,
        'other',
        unnest([
            {
                'counting': 'fractional_inventors',
                'numerator': scoped.inventors - scoped.focal_inventors,
                'denominator': scoped.inventors
            },
            {'counting': 'first_inventor', 'numerator': (not scoped.is_first_focal)::bigint, 'denominator': 1}
        ])
    from scoped
    cross join (select unnest(['province', 'city']) as dimension) as dimensions
    where scoped.is_national or dimensions.dimension = 'city'
    union all
    select
        scopes.scope,
        scopes.publication_number,
        'field',
        members.scheme,
        members.field_code,
        unnest([
            {'counting': 'whole', 'numerator': 1, 'denominator': 1},
            {'counting': 'primary', 'numerator': members.is_primary::bigint, 'denominator': 1},
            {'counting': 'fractional', 'numerator': 1, 'denominator': members.fields}
        ])
    from core.patent_scopes as scopes
    inner join core.patent_fields as members using (publication_number)
    union all
    select
        scopes.scope,
        scopes.publication_number,
        'applicant',
        null,
        coalesce(members.applicant, 'none stated'),
        unnest([
            {'counting': 'whole', 'numerator': 1, 'denominator': 1},
            {'counting': 'fractional', 'numerator': 1, 'denominator': coalesce(members.applicants, 1)}
        ])
    from core.patent_scopes as scopes
    left join core.patent_applicants as members using (publication_number)
)

select
    scope,
    dimension,
    scheme::varchar as scheme,
    member,
    part.counting as counting,
    part.denominator as denominator,
    sum(part.numerator)::bigint as numerator
from parts
group by scope, dimension, scheme, member, counting, denominator
order by scope, dimension, scheme, member, counting, denominator
