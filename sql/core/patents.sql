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
-- @column title | title as plain text
-- @column inventors | number of inventors
-- @column focal_inventors | number of inventors of the focal country
-- @column partner_countries | number of partner countries it was found for
-- @unique publication_number
with kept as (
    select publication_number
    from core.hit_decisions
    where is_kept
),

inventors as (
    select
        publication_number,
        count(*) as inventors,
        count(*) filter (is_focal) as focal_inventors
    from staging.inventors
    group by publication_number
),

countries as (
    select
        publication_number,
        count(distinct country) as partner_countries
    from raw.uspto_hits
    group by publication_number
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
    publications.title,
    inventors.inventors,
    inventors.focal_inventors,
    countries.partner_countries
from kept
inner join staging.publications as publications using (publication_number)
inner join inventors using (publication_number)
inner join countries using (publication_number)
cross join reference.study as study
order by publications.publication_number
