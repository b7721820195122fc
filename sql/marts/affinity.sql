-- One row per partner country of the nation: how strong the tie is, given how much each side publishes. The base are
-- all publications read of the window's years, so it is as complete as the files landed; of a year that the window
-- cuts off it holds what was read beyond the cut as well. It counts publications of any kind, by the country codes
-- printed; publications of a re-published application count each time in the base, once among the patents.
-- @column country | partner country
-- @column country_name | its name
-- @column patents | patents of the focal country with the partner country
-- @column focal_publications | publications with an inventor of the focal country; where Hong Kong counts as China, of
--   either, each publication once
-- @column country_publications | publications with an inventor of the partner country
-- @column share_of_focal | patents / focal_publications
-- @column share_of_country | patents / country_publications: how much of its inventing the partner shares
-- @column salton | Salton's cosine: patents / sqrt(focal_publications * country_publications)
-- @column jaccard | patents / publications of either country
-- @unique country
with totals as (
    select
        totals.country,
        sum(totals.publications)::bigint as publications
    from core.country_totals as totals
    inner join reference.years as years using (year)
    group by totals.country
),

sides as (
    select
        by_country.country,
        by_country.country_name,
        by_country.patents,
        focal.publications as focal_publications,
        partners.publications as country_publications
    from marts.by_country as by_country
    inner join reference.study as study on by_country.scope = study.focal_country
    left join totals as focal on study.focal_country = focal.country
    left join totals as partners on by_country.country = partners.country
)

select
    country,
    country_name,
    patents,
    focal_publications,
    country_publications,
    patents / nullif(focal_publications, 0) as share_of_focal,
    patents / nullif(country_publications, 0) as share_of_country,
    patents / nullif(sqrt(focal_publications * country_publications), 0) as salton,
    patents / nullif(focal_publications + country_publications - patents, 0) as jaccard
from sides
order by salton desc nulls last, country
