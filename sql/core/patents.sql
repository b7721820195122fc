-- One row per patent: an application with inventors of the focal country and of a partner country, shown by its
-- earliest publication.
-- @column publication_number | earliest publication of the application
-- @column application_number | digits as filed, series code first; null if the source has none
-- @column kind | kind code
-- @column publication_date | date of publication
-- @column filing_date | date of filing
-- @column year | year of publication
-- @column filing_year | year of filing; null if the source has no date of filing
-- @column counted_year | year the patent counts in: of publication, or, in a study that counts by it, of filing
--   (where there is no date of filing, of publication)
-- @column priority_date | date of the earliest application it rests on, core.patent_families
-- @column family_id | office and number of that application: patents of one have one; an earliest-priority family
-- @column title | title as plain text
-- @column inventors | number of inventors
-- @column focal_inventors | number of inventors of the focal country
-- @column partner_countries | number of partner countries it was found for
-- @column partner_inventors | number of inventors of those countries
-- @column inventor_countries | number of distinct countries of its inventors, the focal one and third ones included
-- @column first_inventor | whether the inventor with the lowest sequence is focal, of a partner country (partner), or
--   neither (third)
-- @unit calendar year | year, filing_year, counted_year
-- @unit inventors | inventors, focal_inventors, partner_inventors
-- @unit countries | partner_countries, inventor_countries
-- @unique publication_number
with kept as (
    select publication_number
    from core.hit_decisions
    where is_kept
),

countries as (
    select
        publication_number,
        count(distinct country) as partner_countries
    from raw.uspto_hits
    group by publication_number
),

inventors as (
    select
        inventors.publication_number,
        count(*) as inventors,
        count(*) filter (inventors.is_focal) as focal_inventors,
        count(hits.country) as partner_inventors,
        -- who is printed under the focal country and is none of its inventors lives in Hong Kong
        count(distinct case
            when inventors.is_focal then study.focal_country
            when inventors.country = study.focal_country then 'HK'
            else inventors.country
        end) as inventor_countries,
        arg_min(
            case when inventors.is_focal then 'focal' when hits.country is not null then 'partner' else 'third' end,
            inventors.sequence
        ) as first_inventor
    from staging.inventors as inventors
    cross join reference.study as study
    left join raw.uspto_hits as hits
        on
            inventors.publication_number = hits.publication_number
            -- equality alone, so that the join is a hash join
            and if(inventors.is_focal, null, inventors.country) = hits.country
    group by inventors.publication_number
)

select
    publications.publication_number,
    publications.application_number,
    publications.kind,
    publications.publication_date,
    publications.filing_date,
    publications.year,
    year(publications.filing_date)::integer as filing_year,
    if(
        study.counting_date = 'filing', coalesce(year(publications.filing_date), publications.year), publications.year
    )::integer as counted_year,
    families.priority_date,
    families.family_id,
    publications.title,
    inventors.inventors,
    inventors.focal_inventors,
    countries.partner_countries,
    inventors.partner_inventors,
    inventors.inventor_countries,
    inventors.first_inventor
from kept
inner join staging.publications as publications using (publication_number)
inner join inventors using (publication_number)
inner join countries using (publication_number)
inner join core.patent_families as families using (publication_number)
cross join reference.study as study
order by publications.publication_number
