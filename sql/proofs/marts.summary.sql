-- The size of the study: countries, hits, duplicates and patents.
-- @key
-- @shows patents
with listed as (
    select iso2 as country, name, region, searched, note
    from reference.partners
),

with_patents as (
    select country, count(*) as patents
    from core.patent_countries
    group by country
),

hits as (
    select country, publication_number, publication_date, title, application_number, source_file
    from raw.uspto_hits
),

duplicates as (
    select
        duplicates.publication_number,
        duplicates.country,
        duplicates.reason,
        duplicates.kept_publication_number,
        duplicates.kept_country,
        hits.publication_date,
        hits.title,
        hits.application_number,
        hits.source_file
    from core.duplicates as duplicates
    inner join raw.uspto_hits as hits using (publication_number, country)
),

members as (
    select publication_number, publication_date as published, family_id
    from core.patents
),

first_members as (
    select publication_number, published
    from members
    where published = (select min(published) from members)
),

last_members as (
    select publication_number, published
    from members
    where published = (select max(published) from members)
),

kinds as (
    select kind, is_counted, is_invention, publications
    from core.kinds_read
),

country_years as (
    select country, year, landed, hits
    from raw.country_years
),

numbers as (
    select
        (select count(*) from listed) as countries_listed,
        (select count(*) from listed where searched) as countries_searched,
        (select count(*) from with_patents) as countries_with_patents,
        (select count(*) from hits) as hits,
        (select count(*) from duplicates) as duplicates,
        (select count(*) from members) as patents,
        (select count(distinct family_id) from members) as families,
        (select min(published) from first_members) as first_date,
        (select max(published) from last_members) as last_date,
        (select sum(publications) from kinds where is_invention) as inventions,
        (select sum(publications) from kinds) as publications,
        (select count(*) from country_years) as country_years,
        (select count(*) from country_years where landed) as country_years_landed
)

select
    countries_listed,
    countries_searched,
    countries_with_patents,
    hits,
    duplicates,
    patents,
    families,
    first_date,
    last_date,
    inventions / publications as utility_share,
    country_years,
    country_years_landed,
    country_years > 0 and country_years = country_years_landed as is_complete
from numbers
