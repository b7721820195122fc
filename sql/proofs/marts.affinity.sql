-- The tie of the nation and a partner country: the patents of both, and what each side published in the window.
-- @names country = country_name
-- @shows patents
with members as (
    select publication_number
    from core.patent_countries
    where country = $country
),

partner as (
    select iso2, name, region
    from reference.partners
    where iso2 = $country
),

focal_totals as (
    select totals.year, totals.country, totals.publications
    from core.country_totals as totals
    inner join reference.years as years using (year)
    inner join reference.study as study on totals.country = study.focal_country
),

country_totals as (
    select totals.year, totals.country, totals.publications
    from core.country_totals as totals
    inner join reference.years as years using (year)
    where totals.country = $country
),

numbers as (
    select
        (select any_value(name) from partner) as country_name,
        (select count(*) from members) as patents,
        (select sum(publications) from focal_totals) as focal_publications,
        (select sum(publications) from country_totals) as country_publications
)

select
    country_name,
    patents,
    focal_publications,
    country_publications,
    patents / nullif(focal_publications, 0) as share_of_focal,
    patents / nullif(country_publications, 0) as share_of_country,
    patents / nullif(sqrt(focal_publications * country_publications), 0) as salton,
    patents / nullif(focal_publications + country_publications - patents, 0) as jaccard
from numbers
