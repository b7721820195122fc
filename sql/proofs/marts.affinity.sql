-- The tie of the nation and a partner country: the patents of both, and the publications of every set of countries.
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

sets as (
    select
        distinct_sets.countries,
        distinct_sets.publications,
        list_contains(distinct_sets.countries, study.focal_country) as is_of_focal,
        list_contains(distinct_sets.countries, $country) as is_of_country,
        distinct_sets.publications * (len(distinct_sets.countries) - 1) as links_of_each,
        distinct_sets.publications * len(distinct_sets.countries) * (len(distinct_sets.countries) - 1) as links
    from core.distinct_sets as distinct_sets
    cross join reference.study as study
),

landed_sets as (
    select year, kind, sum(documents) as documents
    from core.country_sets
    group by year, kind
),

numbers as (
    select
        (select any_value(name) from partner) as country_name,
        (select count(*) from members) as patents,
        (select sum(publications) from sets where is_of_focal) as focal_publications,
        (select sum(publications) from sets where is_of_country) as publications_of_the_country,
        (select sum(publications) from sets) as all_publications,
        (select sum(links_of_each) from sets where is_of_focal) as focal_links,
        (select sum(links_of_each) from sets where is_of_country) as country_links,
        (select sum(links) from sets) as all_links,
        (select count(*) > 0 from landed_sets) as has_sets
)

select
    coalesce(country_name, $country) as country_name,
    patents,
    focal_publications,
    if(has_sets, publications_of_the_country, null) as country_publications,
    if(has_sets, all_publications, null) as publications,
    patents / focal_publications as share_of_focal,
    if(has_sets, patents / publications_of_the_country, null) as share_of_country,
    if(has_sets, patents / sqrt(focal_publications * publications_of_the_country), null) as salton,
    if(has_sets, patents / (focal_publications + publications_of_the_country - patents), null) as jaccard,
    if(has_sets, all_publications * patents / (focal_publications * publications_of_the_country), null)
        as association,
    if(has_sets, all_links * patents / (focal_links * country_links), null) as probabilistic_affinity,
    if(has_sets, null, 'the source gives no sets of countries') as reason
from numbers
