-- One row per partner country of the nation: how strong the tie is, given how much each side publishes. All sides are
-- distinct publications of counted kinds inside the window (core.distinct_sets), by application where they have an
-- inventor of the focal country, the patents among them; the base is as complete as the files landed. C(c, d) are the
-- publications with inventors of both c and d.
-- @column country | partner country
-- @column country_name | its name
-- @column patents | patents of the focal country with the partner country: C of the two
-- @column focal_publications | publications with an inventor of the focal country
-- @column country_publications | publications with an inventor of the partner country; null, as is what is made of it,
--   where the source gives no sets of countries
-- @column publications | T: publications of which any country is known
-- @column share_of_focal | patents / focal_publications
-- @column share_of_country | patents / country_publications: how much of its inventing the partner shares
-- @column salton | Salton's cosine: patents / sqrt(focal_publications * country_publications)
-- @column jaccard | patents / publications of either country
-- @column association | T * patents / (focal_publications * country_publications): 1 where the two meet as often as
--   chance would have it (association strength, van Eck and Waltman 2009)
-- @column probabilistic_affinity | total * patents / (links of the focal country * links of the partner country), over
--   the matrix of pairs of two different countries: links of c are the sum of C(c, d) over all d, total is the sum of
--   all links (Zitt, Bassecoulard and Okubo 2000); 1 where the focal country's links fall as all links do
-- @column reason | why association and probabilistic_affinity are null; null where they are not
-- @unit patents | patents
-- @unit publications | focal_publications, country_publications, publications
-- @unit fraction | share_of_focal, share_of_country, salton, jaccard
-- @unit ratio | association, probabilistic_affinity
-- @unique country
with margins as (
    select
        entry.country,
        sum(sets.publications)::bigint as publications,
        sum(sets.publications * (len(sets.countries) - 1))::bigint as links
    from core.distinct_sets as sets, unnest(sets.countries) as entry (country)
    group by entry.country
),

totals as (
    select
        sum(publications)::bigint as publications,
        sum(publications * len(countries) * (len(countries) - 1))::bigint as links,
        exists(select 1 from core.country_sets) as has_sets
    from core.distinct_sets
),

sides as (
    select
        by_country.country,
        by_country.country_name,
        by_country.patents,
        focal.publications as focal_publications,
        if(totals.has_sets, partners.publications, null) as country_publications,
        if(totals.has_sets, totals.publications, null) as publications,
        focal.links as focal_links,
        partners.links as country_links,
        totals.links as all_links,
        totals.has_sets
    from marts.by_country as by_country
    inner join reference.study as study on by_country.scope = study.focal_country
    cross join totals
    left join margins as focal on study.focal_country = focal.country
    left join margins as partners on by_country.country = partners.country
)

select
    country,
    country_name,
    patents,
    focal_publications,
    country_publications,
    publications,
    patents / focal_publications as share_of_focal,
    patents / country_publications as share_of_country,
    patents / sqrt(focal_publications * country_publications) as salton,
    patents / (focal_publications + country_publications - patents) as jaccard,
    publications * patents / (focal_publications * country_publications) as association,
    if(has_sets, all_links * patents / (focal_links * country_links), null) as probabilistic_affinity,
    if(has_sets, null, 'the source gives no sets of countries') as reason
from sides
order by salton desc nulls last, country
