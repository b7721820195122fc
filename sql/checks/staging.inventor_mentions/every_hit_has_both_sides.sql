-- A row is a hit without an inventor of the focal country, or without one of the partner country it was found for.
-- @severity error
with sides as (
    select
        hits.country,
        hits.publication_number,
        count(*) filter (mentions.is_focal) as focal_inventors,
        count(*) filter (mentions.country = hits.country) as partner_inventors
    from raw.uspto_hits as hits
    left join staging.inventor_mentions as mentions using (publication_number)
    group by hits.country, hits.publication_number
)

select
    country,
    publication_number,
    focal_inventors,
    partner_inventors
from sides
where focal_inventors = 0 or partner_inventors = 0
order by publication_number, country
