-- One row per patent: who owns it, judged by the organisations that apply or are assigned and whose country is printed.
-- The first class that fits counts. Persons who apply for themselves are never owners, so the years before
-- 2012-09-16, when inventors had to apply themselves, and those after differ by law as well as in fact.
-- @column publication_number | patent
-- @column ownership | none stated (no organisation with a country); same firm on both sides (one harmonised name with
--   the focal and with a partner country); joint (organisations of two or more countries); focal owner; partner owner
--   (the country of the owner is one of this patent's partner countries); third country
-- @column owners | organisations with a printed country, spellings of a name brought together
-- @column owner_countries | their distinct countries, in order
-- @column period | before 2012-09-16 or since 2012-09-16, by the filing date; filing date unknown
-- @unit applicants | owners
-- @unique publication_number
-- @not_null ownership
with owners as (
    select
        patents.publication_number,
        applicants.harmonised_name,
        if(
            applicants.country = 'HK' and study.focal_country = 'CN' and study.hong_kong_as_cn,
            study.focal_country,
            applicants.country
        ) as country
    from core.patents as patents
    inner join staging.applicants as applicants using (publication_number)
    cross join reference.study as study
    where applicants.type = 'organization' and applicants.country is not null
),

sided as (
    select
        owners.publication_number,
        owners.harmonised_name,
        owners.country,
        owners.country = study.focal_country as is_focal,
        partners.country is not null as is_partner
    from owners
    cross join reference.study as study
    left join core.patent_countries as partners using (publication_number, country)
),

firms_on_both_sides as (
    select distinct publication_number
    from sided
    group by publication_number, harmonised_name
    having bool_or(is_focal) and bool_or(is_partner)
),

counted as (
    select
        publication_number,
        count(distinct harmonised_name) as owners,
        list_sort(list(distinct country)) as owner_countries,
        bool_or(is_focal) as has_focal,
        bool_or(is_partner) as has_partner
    from sided
    group by publication_number
)

select
    patents.publication_number,
    case
        when counted.owners is null then 'none stated'
        when both_sides.publication_number is not null then 'same firm on both sides'
        when len(counted.owner_countries) > 1 then 'joint'
        when counted.has_focal then 'focal owner'
        when counted.has_partner then 'partner owner'
        else 'third country'
    end as ownership,
    coalesce(counted.owners, 0) as owners,
    coalesce(counted.owner_countries, []) as owner_countries,
    case
        when patents.filing_date < date '2012-09-16' then 'before 2012-09-16'
        when patents.filing_date >= date '2012-09-16' then 'since 2012-09-16'
        else 'filing date unknown'
    end as period
from core.patents as patents
left join counted using (publication_number)
left join firms_on_both_sides as both_sides using (publication_number)
order by patents.publication_number
