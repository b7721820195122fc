-- One row per option that changes counts, scope, dimension and member: its patents. What could not be placed,
-- classified or named is no member; a field has every patent with a symbol in it.
-- @column choice | as in core.options
-- @column option | as in core.options
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column dimension | scope (the one member all), country, province (national scope only) or field (scheme paper)
-- @column member | all, country code, province code or label of the field
-- @column patents | patents of the member; under a counting of marts.counts parts of them
-- @unique choice, option, scope, dimension, member
with memberships as (
    select
        publication_number,
        'country' as dimension,
        country as member
    from core.patent_countries
    union all
    select
        publication_number,
        'field',
        field_code
    from core.patent_fields
    where scheme = 'paper' and field_code not in ('unmapped', 'none')
    union all
    select
        publications.publication_number,
        'country',
        partners.iso2
    from core.hong_kong_publications as publications
    inner join reference.partners as partners
        on partners.searched and list_contains(publications.countries, partners.iso2)
    union all
    select
        publication_number,
        'field',
        unnest(fields)
    from core.hong_kong_publications
),

scopes as (
    select
        choice,
        option,
        scope,
        count(distinct unit) as patents
    from core.option_scopes
    where choice not in ('date', 'families')
    group by choice, option, scope
)

select
    choice,
    option,
    scope,
    'scope' as dimension,
    'all' as member,
    patents::double as patents
from scopes
union all
select
    scopes.choice,
    scopes.option,
    study.focal_country as scope,
    'province' as dimension,
    scopes.scope as member,
    scopes.patents
from scopes
cross join reference.study as study
where scopes.scope != study.focal_country
union all
select
    units.choice,
    units.option,
    units.scope,
    members.dimension,
    members.member,
    count(distinct units.unit)
from core.option_scopes as units
inner join memberships as members using (publication_number)
where units.choice not in ('date', 'families')
group by units.choice, units.option, units.scope, members.dimension, members.member
union all
select
    'families' as choice,
    'one per family' as option,
    scope,
    dimension,
    member,
    families
from core.family_counts
where
    patents > 0
    and (dimension in ('scope', 'country', 'province') or (dimension = 'field' and scheme = 'paper'))
    and member not in ('unresolved', 'ambiguous', 'unmapped', 'none')
union all
select
    'counting' as choice,
    counting as option,
    scope,
    dimension,
    member,
    patents
from core.member_counts
where
    counting != 'whole'
    and (dimension in ('country', 'province') or (dimension = 'field' and scheme = 'paper'))
    and member not in ('other', 'unresolved', 'ambiguous', 'unmapped', 'none')
order by choice, option, scope, dimension, member
